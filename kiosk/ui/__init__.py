"""The only room with Qt: screens in QML, view-models in Python, and what carries their words."""
