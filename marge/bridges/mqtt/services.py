"""The services of MQTT: `publish`, `dump`, `reload`."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gevent
import pykka
import structlog
import voluptuous as vol

from marge.actors import native
from marge.bridges.mqtt.client import NOT_CONNECTED
from marge.bridges.mqtt.component import load_components
from marge.bridges.mqtt.from_files import SECTION, read
from marge.bridges.mqtt.messages import ForgetDevice, Publish, TakeSection
from marge.bridges.mqtt.schema import boolean, publish_topic, qos, string, subscribe_topic
from marge.config import ConfigProblem
from marge.errors import HomeError, NotFound, ServiceValidationError
from marge.integrations.mqtt import FORGET_DEVICE
from marge.rereading import read_again
from marge.util.breathe import in_turns

if TYPE_CHECKING:
    from marge.bridges.mqtt.followers import Followers
    from marge.bridges.mqtt.incoming import Incoming
    from marge.bridges.mqtt.outlet import BridgeOutlet
    from marge.home import Home
    from marge.services import ServiceCall

log = structlog.get_logger("marge.bridges.mqtt")

DUMP_FILE = "mqtt_dump.txt"
MAX_DUMP_BYTES = 50_000_000
ASK_TIMEOUT_S = 30.0
MAX_PAYLOAD_BYTES = 8 << 20
"""What the broker that Marge starts accepts."""


PUBLISH_SCHEMA = {
    vol.Required("topic"): publish_topic,
    vol.Optional("payload", default=None): vol.Any(None, string),
    vol.Optional("evaluate_payload"): boolean,
    vol.Optional("qos", default=0): qos,
    vol.Optional("retain", default=False): boolean,
}
PUBLISH_FIELDS: Mapping[str, Any] = {
    "topic": {"required": True, "example": "/homeassistant/hello", "selector": {"text": None}},
    "payload": {"example": "The temperature is {{ states('sensor.temperature') }}", "selector": {"template": None}},
    "evaluate_payload": {"default": False, "selector": {"boolean": None}},
    "qos": {"default": "0", "selector": {"select": {"options": ["0", "1", "2"]}}},
    "retain": {"default": False, "selector": {"boolean": None}},
}


DUMP_SCHEMA = {
    vol.Required("topic"): subscribe_topic,
    vol.Optional("duration", default=5): vol.All(vol.Coerce(int), vol.Range(min=1, max=300)),
}
DUMP_FIELDS: Mapping[str, Any] = {
    "topic": {"example": "OpenZWave/#", "selector": {"text": None}},
    "duration": {"default": 5, "selector": {"number": {"min": 1, "max": 300, "unit_of_measurement": "seconds"}}},
}


def payload_of(data: Mapping[str, Any]) -> str | bytes:
    """The bytes to publish. With `evaluate_payload` a Python bytes literal is taken for its bytes."""
    payload = data.get("payload")
    if payload is None:
        return ""
    text = str(payload)
    if data.get("evaluate_payload") and text.startswith(("b'", 'b"')):
        try:
            value = ast.literal_eval(text)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            return text
        if isinstance(value, bytes):
            return value
    return text


def register(home: Home, outlet: BridgeOutlet, followers: Followers) -> None:
    """Register `mqtt.publish`, `mqtt.dump` and `mqtt.reload`."""
    register_service = home.services.register
    register_service(
        "mqtt", "publish", lambda call: _publish(home, outlet, call), PUBLISH_SCHEMA,
        description="Sends a message to a topic.", fields=PUBLISH_FIELDS, name="Publish",
    )  # fmt: skip
    register_service(
        "mqtt", "dump", lambda call: _dump(home, followers, call), DUMP_SCHEMA,
        description=f"Writes messages that come on a topic to `{DUMP_FILE}` in the configuration directory.",
        fields=DUMP_FIELDS, name="Export",
    )  # fmt: skip
    register_service(
        "mqtt", "reload", lambda _call: _reload(home, outlet), {},
        description="Reads the MQTT entities from the files again.", name="Reload",
    )  # fmt: skip

    home.shared[FORGET_DEVICE] = lambda device_id: home.system.tell(outlet.path, ForgetDevice(device_id))


def _publish(home: Home, outlet: BridgeOutlet, call: ServiceCall) -> None:
    payload = payload_of(call.data)
    size = len(payload) if isinstance(payload, bytes) else len(payload.encode("utf-8", "surrogatepass"))
    if size > MAX_PAYLOAD_BYTES:
        raise ServiceValidationError(f"The payload has {size} bytes; at most {MAX_PAYLOAD_BYTES} are sent")
    if call.data["topic"].startswith("$SYS/"):
        log.warning("nothing is published there: the topic is the broker's own", topic=call.data["topic"])
        return  # brokers end the connection of who tries
    _ask(home, outlet, Publish(call.data["topic"], payload, call.data["qos"], call.data["retain"], must=True))


def _ask(home: Home, outlet: BridgeOutlet, message: Publish | TakeSection) -> Any:
    try:
        return home.system.ask(outlet.path, message, timeout=ASK_TIMEOUT_S)
    except (NotFound, pykka.ActorDeadError, pykka.Timeout) as exc:
        raise HomeError(NOT_CONNECTED) from exc


def _dump(home: Home, followers: Followers, call: ServiceCall) -> None:
    """Collect for the asked time, then write; the call itself does not wait."""
    lines: list[str] = []
    size = 0

    def heard(message: Incoming) -> None:
        nonlocal size
        if size < MAX_DUMP_BYTES:
            text = message.text
            line = f"{message.topic},{str(message.payload) if text is None else text}\n"
            size += len(line)
            lines.append(line)

    end = followers.follow(call.data["topic"], heard)
    path = home.config.config_dir / DUMP_FILE

    def write() -> None:
        problem = native.run(_write, path, "".join(lines))
        if problem is not None:
            log.error("messages could not be written", file=DUMP_FILE, reason=problem)

    def over(_message: object) -> None:
        end()
        gevent.spawn(write)

    home.clock.after(call.data["duration"], over, None)


def _write(path: Path, text: str) -> str | None:
    """Write a file; what went wrong. Blocks: for a native thread."""
    try:
        path.write_text(text, "utf-8")
    except OSError as exc:
        return str(exc)
    return None


def _reload(home: Home, outlet: BridgeOutlet) -> None:
    """Nothing changes when something in the section is wrong: the message says where."""
    section = read_again(home).sections.get(SECTION)
    wrong: list[ConfigProblem] = []
    for _announced in in_turns(read(section, load_components(), wrong.append)):
        pass
    if wrong:
        more = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
        raise ServiceValidationError(f"Nothing was changed: {wrong[0]}{more}")
    outlet.section = section
    _ask(home, outlet, TakeSection(section))
