"""Device kinds of the simulated house, one file a kind. Pure state machines: no sockets, no clocks, no threads."""

from marge.simulate.devices.base import Device, Label, Model, Topics
from marge.simulate.devices.fields import BadValue

__all__ = ["BadValue", "Device", "Label", "Model", "Topics"]
