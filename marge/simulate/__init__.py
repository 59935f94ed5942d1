"""The simulated house: a process of its own that behaves like zigbee2mqtt, and the player of an ordinary day.

Speaks MQTT and REST only. Imports of the server do not belong here (`marge.util` and `marge.version` may be used).
"""
