"""Helpers that several test packages share: real brokers, free ports. No fakes."""
