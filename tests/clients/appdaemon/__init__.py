"""What AppDaemon loads, in its own environment."""
