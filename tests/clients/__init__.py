"""Clients written for Home Assistant, unmodified from the package registries, at work on a running Marge."""
