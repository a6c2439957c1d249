"""The words of the trade as values and pure functions: no Qt, no I/O, no clock, no randomness."""
