"""One view-model for each screen; they share what they are given and never import each other."""
