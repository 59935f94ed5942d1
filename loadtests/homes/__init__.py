"""Makes big homes to load: configurations, or states in a running server."""
