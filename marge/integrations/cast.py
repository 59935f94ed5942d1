"""The config entries of Google Cast devices: one a device. Not here: talking to them (`marge.bridges.cast`)."""

from __future__ import annotations

from marge.integrations.lan import LanFlow, lan_integration

INTEGRATION = lan_integration("cast", "Google Cast", LanFlow)
