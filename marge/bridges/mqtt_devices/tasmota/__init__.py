"""Tasmota: devices that announce themselves under `tasmota/discovery/`, what they say, and commands to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from marge.actors import ChildSpec
    from marge.home import Home

DOMAIN = "tasmota"
PATH = "/bridges/tasmota"


def specs(_home: Home) -> list[ChildSpec]:
    """No child yet."""
    return []
