"""For writing a bridge of one's own: a program that Marge starts, and that speaks MQTT discovery.

It needs paho-mqtt and nothing else of Marge. What stands behind it: docs/process-bridges.md.

    from marge.bridge_kit import Bridge

    bridge = Bridge()
    lamp = bridge.entity("light", "desk", name="Desk lamp")

    @lamp.on_command
    def switch(payload: str) -> None:
        lamp.say(payload)          # ON or OFF

    bridge.run()
"""

from marge.bridge_kit.bridge import Bridge, Entity
from marge.bridge_kit.environment import Environment, EnvironmentProblem

__all__ = ["Bridge", "Entity", "Environment", "EnvironmentProblem"]
