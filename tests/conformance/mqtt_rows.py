"""The last rows of `mqtt-discovery.jsonl`: what clients may ask of MQTT itself, and what happens without a broker."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import Any

from tests.bridges.mqtt.wire import Bench
from tests.conformance.replay_mqtt import MqttReplay
from tests.support.waiting import until

Play = Callable[[MqttReplay, dict[str, Any]], list[str]]

_DEBUG_TOPIC = "homeassistant/sensor/rec_dbg/config"


def _publish_variants(replay: MqttReplay, row: dict[str, Any]) -> list[str]:
    differences = []
    for step in row["steps"]:
        call = step["call"]
        replay.bench.forget()
        reply = replay.server.rest("POST", f"/api/services/{call['domain']}/{call['service']}", call["data"])
        if reply.status_code != step["status"]:
            differences.append(f"{call['data']}: {reply.status_code} {reply.text[:100]}, expected {step['status']}")
        sent = [each[:3] for each in replay.bench.published_whole()]
        wanted = [(each["topic"], each["payload"], each["qos"]) for each in step["published"]]
        if sent != wanted:
            differences.append(f"{call['data']}: published {sent}, expected {wanted}")
    return differences


def _websocket_commands(replay: MqttReplay, row: dict[str, Any]) -> list[str]:
    bench, client, home = replay.bench, replay.client, replay.bench.home
    differences: list[str] = []
    discovery = next(
        step["reply"]["result"]["entities"][0]["discovery_data"]
        for step in row["steps"]
        if step.get("ws") == "mqtt/device/debug_info" and step["reply"]["result"]["entities"]
    )
    bench.device.publish(discovery["topic"], discovery["payload"], retain=True)
    bench.settle()
    bench.device.publish("dbg/s", "1", qos=0)
    bench.settle()
    device = home.registries.devices.find([("mqtt", "dbgdev")], [])
    assert device is not None
    entry = home.registries.config_entries.for_domain("mqtt")[0]
    subscription = 0
    for step in row["steps"]:
        if "ws" not in step:
            for each in step["events"]:
                bench.device.publish(each["topic"], each["payload"], qos=0)
            bench.settle()
            client.command("ping")
            seen = [each["event"] for each in client.take_events(subscription)]
            if seen != step["events"]:
                differences.append(f"events {seen}, expected {step['events']}")
            continue
        known = {
            "<device DbgDev>": device.id, "<mqtt entry>": entry.entry_id, 3: subscription,
        }  # fmt: skip
        args = {key: known.get(value, value) for key, value in step["args"].items()}
        bench.forget()
        reply = client.command(step["ws"], **args)
        if step["ws"] == "mqtt/subscribe" and reply["success"]:
            subscription = client.last_id
        found = {key: value for key, value in reply.items() if key != "id"}
        if _without_times(found) != _without_times(step["reply"]):
            differences.append(f"{step['ws']} {args}: {found}, expected {step['reply']}")
        wanted = [(each["topic"], each["payload"], each["qos"]) for each in step.get("published_seen", [])]
        sent = [each[:3] for each in bench.published_whole()]
        if sent != wanted:
            differences.append(f"{step['ws']}: published {sent}, expected {wanted}")
    bench.device.publish(_DEBUG_TOPIC, b"", retain=True)
    return differences


def _without_times(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_times(each) for key, each in value.items() if key != "time"}
    return [_without_times(each) for each in value] if isinstance(value, list) else value


def _reload(replay: MqttReplay, row: dict[str, Any]) -> list[str]:
    """The states in between are of a moment: after it, what is announced again is as it was."""
    bench, server = replay.bench, replay.server
    entry = server.home.registries.config_entries.for_domain("mqtt")[0]
    bench.forget()
    reply = server.rest("POST", f"/api/config/config_entries/entry/{entry.entry_id}/reload")
    until(lambda: _is_up(bench), what="the bridge's connection")
    bench.settle()
    # the birth message comes once what is retained was read: the bridge is connected before
    wanted = [(each["topic"], each["payload"], each["qos"]) for each in row["steps"][1]["published_seen"]]
    with suppress(AssertionError):  # what is missing then is told below
        until(
            lambda: all(each in [sent[:3] for sent in bench.device.received] for each in wanted),
            what="the words of birth and will",
        )
    status, body = row["steps"][1]["reload_config_entry"]
    differences = []
    if (reply.status_code, reply.json()) != (status, body):
        differences.append(f"answered {reply.status_code} {reply.text}, expected {status} {body}")
    seen = [sent[:3] for sent in bench.device.received]
    differences += [f"{each} was not published" for each in wanted if each not in seen]
    return differences


def _is_up(bench: Bench) -> bool:
    return bench.home.system.ref("/bridges/mqtt") is not None and bench.bridge.connected


PLAYS: Mapping[str, Play] = MappingProxyType({
    "mqtt.publish variants": _publish_variants,
    "mqtt websocket commands": _websocket_commands,
    "reload integration: birth and will": _reload,
})  # fmt: skip
