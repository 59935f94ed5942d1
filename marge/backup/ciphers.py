"""The libraries behind sealed backups. They take 2 MB, and a home that seals none never needs them."""

from __future__ import annotations

from importlib import import_module

_MODULES = ("marge.backup.age", "marge.backup.sealing")


def load_ciphers() -> None:
    """Load them, once. On the hub, before a native thread seals or opens a backup: it must not import."""
    for name in _MODULES:
        import_module(name)
