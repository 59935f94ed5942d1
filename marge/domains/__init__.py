"""The domains: one file each. A module exposes `DOMAIN`; names with a leading underscore are shared helpers."""
