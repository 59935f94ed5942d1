"""The config entries of Sonos speakers: one a speaker. Not here: talking to them (`marge.bridges.sonos`)."""

from __future__ import annotations

from marge.integrations.lan import LanFlow, lan_integration

INTEGRATION = lan_integration("sonos", "Sonos", LanFlow)
