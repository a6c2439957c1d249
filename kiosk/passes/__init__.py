"""Signed passes, format EP1: made on an offline kiosk, believed by any gate that holds the root.

Pure computation over bytes and instants it is handed: no clock, no file, no network, no screen.
"""
