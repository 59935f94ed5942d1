"""The web interface: its own checks and unit tests, and what people do with it in a real browser."""
