"""A real Home Assistant beside Marge: the same calls to both, and how fast each answers. `make compare`."""
