"""The till wing: sells and shows. It never talks to a network; the sync wing carries."""

__version__ = "0.1.0"
