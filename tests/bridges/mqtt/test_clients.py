"""What people and clients get of MQTT: messages as they come, pictures, tags, exports, and devices deleted for good."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import pytest

from tests.bridges.mqtt.wire import Bench
from tests.support.broker import start_broker, stop_broker
from tests.support.home import HomeServer, home_server
from tests.support.waiting import until

PNG = b"\x89PNG\r\n\x1a\n" + b"picture"


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[HomeServer, Bench]]:
    host, port, process = start_broker()
    configuration = f"""
marge:
  mqtt: {{broker: external}}
  broker: {{host: {host}, port: {port}}}
automation:
  - alias: Bell
    triggers: [{{trigger: mqtt, topic: c/bell, payload: "ding", value_template: "{{{{ value_json.s }}}}"}}]
    actions: [{{action: mqtt.publish, data: {{topic: c/rang, payload: "{{{{ trigger.topic }}}}"}}}}]
"""
    with home_server(configuration, bridges=("mqtt",)) as server:
        bench = Bench(server.home, host, port, spawn=False)
        yield server, bench
        bench.close()
    stop_broker(process)


def test_messages_come_over_websocket_once(served: tuple[HomeServer, Bench]) -> None:
    """Bytes that are no text are shown; a retained message is not repeated because somebody else subscribes."""
    server, bench = served
    bench.device.publish("c/ws", "kept", retain=True)
    with server.websocket() as first, server.websocket() as second:
        assert first.command("mqtt/subscribe", topic="c/ws")["success"]
        assert first.event(first.last_id) == {"topic": "c/ws", "payload": "kept", "qos": 0, "retain": True}
        assert second.command("mqtt/subscribe", topic="c/ws", qos=0)["success"]
        assert second.event(second.last_id)["payload"] == "kept"
        bench.device.publish("c/ws", b"\xff\xfe", qos=0)
        assert first.event(first.last_id)["payload"] == "b'\\xff\\xfe'"
        for fields in ({"topic": "a/#/b"}, {"topic": ""}, {"topic": "a", "qos": 3}, {}):
            assert first.command("mqtt/subscribe", **fields)["error"]["code"] == "invalid_format"
    with server.websocket(server.user_token) as user:
        assert user.command("mqtt/subscribe", topic="#")["error"]["code"] == "unauthorized"
    bench.device.publish("c/ws", b"", retain=True)


def test_an_export_has_what_came(served: tuple[HomeServer, Bench]) -> None:
    """`mqtt.dump` writes a file in the configuration directory, and nowhere else."""
    server, bench = served
    reply = server.rest("POST", "/api/services/mqtt/dump", {"topic": "c/dump/#", "duration": 1})
    assert reply.status_code == 200
    bench.settle()
    bench.device.publish("c/dump/a", "1")
    bench.device.publish("c/dump/b", b"\xff")
    path = server.home.config.config_dir / "mqtt_dump.txt"
    until(path.exists, what="the export")
    until(lambda: path.read_text("utf-8") == "c/dump/a,1\nc/dump/b,b'\\xff'\n")
    refused = server.rest("POST", "/api/services/mqtt/dump", {"topic": "a/#/b"})
    assert refused.status_code == 400


def test_a_camera_shows_its_latest_picture(served: tuple[HomeServer, Bench]) -> None:
    """Base64 or bytes; before the first one there is none."""
    server, bench = served
    config = {"name": "Eye", "unique_id": "eye", "topic": "c/eye", "image_encoding": "b64"}
    bench.device.publish("homeassistant/camera/eye/config", config)
    bench.settle()
    assert server.rest("GET", "/api/camera_proxy/camera.eye").status_code == 500
    bench.device.publish("c/eye", base64.b64encode(PNG))
    bench.settle()
    reply = server.rest("GET", "/api/camera_proxy/camera.eye")
    assert (reply.content, reply.headers["Content-Type"]) == (PNG, "image/png")


def test_an_image_is_fetched_from_its_address(served: tuple[HomeServer, Bench]) -> None:
    """Only http and https addresses are looked at; what is there has to be a picture."""
    server, bench = served
    bench.device.publish("homeassistant/image/map/config", {"name": "Map", "unique_id": "map", "url_topic": "c/map"})
    bench.settle()
    bench.device.publish("c/map", "file:///etc/passwd")
    bench.settle()
    assert server.rest("GET", "/api/image_proxy/image.map").status_code == 500
    bench.device.publish("c/map", server.url + "/manifest.json")
    bench.settle()
    assert server.rest("GET", "/api/image_proxy/image.map").status_code == 500
    camera = server.state("camera.eye").attributes["entity_picture"]
    bench.device.publish("c/map", server.url + camera)
    bench.settle()
    assert server.rest("GET", "/api/image_proxy/image.map").content == PNG


def test_a_device_that_people_delete_stays_away(served: tuple[HomeServer, Bench]) -> None:
    """Its announcements are taken off the broker: entities, buttons and readers of tags."""
    server, bench = served
    device = {"identifiers": ["gone"], "name": "Gone"}
    announcements = {
        "homeassistant/sensor/gone/config": {"name": "A", "unique_id": "g", "state_topic": "c/g", "device": device},
        "homeassistant/tag/gone/config": {"topic": "c/tag", "device": device},
        "homeassistant/device_automation/gone/config": {
            "automation_type": "trigger", "type": "press", "subtype": "one", "topic": "c/press", "device": device,
        },
    }  # fmt: skip
    for topic, payload in announcements.items():
        bench.device.publish(topic, payload, retain=True)
    bench.settle()
    found = server.home.registries.devices.find([("mqtt", "gone")], [])
    assert found is not None
    entry = server.home.registries.config_entries.for_domain("mqtt")[0]
    with server.websocket() as client:
        info = client.command("mqtt/device/debug_info", device_id=found.id)["result"]
        assert [each["entity_id"] for each in info["entities"]] == ["sensor.gone_a"]
        assert [each["trigger_key"] for each in info["triggers"]] == [["device_automation", "gone"]]
        ids = {"device_id": found.id, "config_entry_id": entry.entry_id}
        assert client.command("config/device_registry/remove_config_entry", **ids)["success"]
    until(lambda: {each[0] for each in bench.device.received if not each[1]} >= announcements.keys())
    bench.settle()
    assert server.home.registries.devices.find([("mqtt", "gone")], []) is None
    assert server.home.states.get("sensor.gone_a") is None


def test_an_automation_hears_a_topic(served: tuple[HomeServer, Bench]) -> None:
    """A trigger compares the value that its template finds, and runs when it is the wanted one."""
    _server, bench = served
    bench.forget()
    bench.device.publish("c/bell", '{"s": "dong"}')
    bench.device.publish("c/bell", '{"s": "ding"}')
    until(lambda: any(each[:2] == ("c/rang", "c/bell") for each in bench.device.received), what="the automation")
    assert sum(each[0] == "c/rang" for each in bench.device.received) == 1


def test_what_is_counted_is_a_metric(served: tuple[HomeServer, Bench]) -> None:
    """Failed announcements are told to Prometheus."""
    server, bench = served
    bench.device.publish("homeassistant/sensor/x/config", b"nonsense")
    bench.settle()
    text = server.rest("GET", "/metrics").text
    [line] = [each for each in text.splitlines() if each.startswith("marge_mqtt_announcements_failed_total")]
    assert int(line.split()[1]) >= 1
