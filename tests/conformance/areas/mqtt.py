"""MQTT: discovery, device messages, commands; what clients may ask of MQTT itself."""

from __future__ import annotations

from tests.conformance.area import Area

AREA = Area(
    misses={
        "mqtt: rapid config updates": "of three names within milliseconds HA's registry keeps the first; ours the last",
        "mqtt: scene default payload": "HA fails without `payload_on`; its documentation and Marge say `ON`",
    },
    not_replayed={
        "mqtt: mqtt config flow and options flow": "the replay's home has its broker in the files; see "
        "tests/integrations/test_mqtt.py",
        "mqtt: broker lost and back": "it needs a broker of its own; see tests/bridges/mqtt/test_bridge.py",
        "mqtt: real tasmota native discovery topic": "its flow asks whether to add Tasmota; Marge adds it, see "
        "tests/bridges/mqtt_devices",
    },
)
