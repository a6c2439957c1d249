"""The encrypted file: the only room that knows SQL, and the only place where the two wings meet."""
