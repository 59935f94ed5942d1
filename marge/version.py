"""The versions that Marge speaks of."""

VERSION = "0.1.0"

HA_VERSION = "2025.4.4"
"""The Home Assistant release whose behaviour clients see; sent wherever HA sends its own version."""
