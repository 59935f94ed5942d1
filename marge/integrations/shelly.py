"""Shelly: a config entry a device, added by its address. Not here: talking to it (`marge.bridges.shelly`)."""

from __future__ import annotations

from marge.integrations.lan import LanFlow, lan_integration


class ShellyFlow(LanFlow):
    """An address; user name and password where the device wants them."""

    secrets = {"username": "admin", "password": ""}


INTEGRATION = lan_integration("shelly", "Shelly", ShellyFlow, removes_devices=True)
