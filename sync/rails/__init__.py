"""Ways out to other systems that move or record money."""
