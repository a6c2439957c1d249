"""The tables as hand-written SQL, one migration after the other; a released one never changes."""
