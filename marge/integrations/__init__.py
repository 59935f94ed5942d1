"""Integrations: how a config entry becomes entities. A module or folder each, found by name; it exposes `INTEGRATION`.

Names with a leading underscore, `base`, `host`, `flow` and `forms` are what the integrations are made with.
"""
