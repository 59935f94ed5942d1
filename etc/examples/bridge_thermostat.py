"""An example of a bridge in Python: a room with a thermostat that is made up.

In configuration.yaml:

    marge:
      bridges:
        attic: {command: [python3, /path/to/bridge_thermostat.py]}
"""

from marge.bridge_kit import Bridge

bridge = Bridge()
temperature = bridge.entity(
    "sensor", "temperature", name="Temperature", device_class="temperature", unit_of_measurement="°C",
    state_class="measurement",
)  # fmt: skip
heating = bridge.entity("switch", "heating", name="Heating")
target = bridge.entity("number", "target", name="Target", min=5, max=25, step=0.5, unit_of_measurement="°C")
room = {"temperature": 18.0, "target": 20.0}


@heating.on_command
def switch(payload: str) -> None:
    heating.say(payload)


@target.on_command
def aim(payload: str) -> None:
    room["target"] = float(payload)
    target.say(payload)
    heating.say("ON" if room["target"] > room["temperature"] else "OFF")


bridge.start()
heating.say("OFF")
target.say(room["target"])
while bridge.wait(5):
    room["temperature"] += max(-0.1, min(0.1, room["target"] - room["temperature"]))
    temperature.say(round(room["temperature"], 1))
