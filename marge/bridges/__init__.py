"""Bridges: the actors that own the connection to a protocol or a device family.

A bridge is one folder that exposes `BRIDGE`; it is found by its name, so a new one is one new folder. Bridges never
import each other: they talk by message.
"""
