"""Makes the home of an earlier release for `tests/system/test_upgrade.py`: run it, use it, keep what it leaves.

Run: mkdir /tmp/old && git archive COMMIT | tar -x -C /tmp/old
     python -m tests.support.old_home /tmp/old tests/data/upgrade/NAME.tar.gz [--kill]

The archive holds the home's files, the database beside it (with its journal after `--kill`, which ends the release with
SIGKILL) and `expected.json`: what the release said over its API right before its end. Not here: comparing.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path
from typing import Any

import websocket

from tests.support.server import START_DEADLINE_S, Server

PASSWORD = "an old and long password"
DEVICES = 37
KEEP_DAYS = 3650
"""The archive grows old; what is in it must not be purged for that."""
VALUES = ("18.5", "19.0", "19.5", "20.25")


class OldServer(Server):
    """The server of another release: its code lies in `code`."""

    def __init__(self, folder: Path, code: Path) -> None:
        super().__init__(folder)
        self.code = code

    def use_its_demo_home(self) -> None:
        """The demo home that the release came with."""
        subprocess.run(["cp", "-r", str(self.code / "etc" / "demo-home"), str(self.home)], check=True)
        file = self.home / "configuration.yaml"
        file.write_text(f"{file.read_text('utf-8').rstrip()}\n  history_days: {KEEP_DAYS}\n", "utf-8")

    def start(self, *options: str, wait: bool = True) -> float:
        began = time.monotonic()
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "marge", "--config", str(self.home), *options], cwd=self.code,
                env=self.environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True,
            )  # fmt: skip
        if wait:
            self.wait_for(self.answers, START_DEADLINE_S, "an answer")
        return time.monotonic() - began


class Socket:
    """Commands over the WebSocket API, one after the other."""

    def __init__(self, server: Server) -> None:
        self.link = websocket.create_connection(f"ws://127.0.0.1:{server.port}/api/websocket", timeout=60)
        self.link.recv()
        self.link.send(json.dumps({"type": "auth", "access_token": server.token}))
        assert json.loads(self.link.recv())["type"] == "auth_ok"
        self._id = 0

    def ask(self, kind: str, **fields: Any) -> Any:
        """The result of a command.

        Raises:
            AssertionError: the server refused.
        """
        self._id += 1
        self.link.send(json.dumps({"id": self._id, "type": kind, **fields}))
        answer = json.loads(self.link.recv())
        assert answer["success"], answer
        return answer["result"]


def use(server: Server) -> dict[str, str]:
    """A year's use in a few seconds: users, tokens, registries, names, states, notifications. The users' tokens."""
    server.post(
        "/api/onboarding/users",
        {"name": "Ann", "username": "ann", "password": PASSWORD, "client_id": f"{server.url}/", "language": "en"},
    )
    server.post("/api/users", {"name": "Ben", "username": "ben", "password": PASSWORD, "group": "system-users"})
    tokens = {
        name: server.post("/api/auth/login", {"username": name, "password": PASSWORD})["token"]
        for name in ("ann", "ben")
    }
    server.wait_for(lambda: server.bridge("mqtt").get("entities", 0) >= DEVICES, 60, "the devices")
    socket = Socket(server)
    floor = socket.ask("config/floor_registry/create", name="Upstairs", level=1, icon="mdi:stairs")
    area = socket.ask("config/area_registry/create", name="Reading Corner", floor_id=floor["floor_id"])
    label = socket.ask("config/label_registry/create", name="Cosy", color="amber", icon="mdi:fire")
    device = next(
        each for each in socket.ask("config/device_registry/list") if "porch" in str(each.get("name", "")).lower()
    )
    socket.ask(
        "config/device_registry/update", device_id=device["id"], name_by_user="Front Lamp", area_id=area["area_id"]
    )
    entries = (("light.porch", "The Porch's Own"), ("light.kitchen", "Stove Light"))
    for entity_id, name in entries:
        socket.ask(
            "config/entity_registry/update", entity_id=entity_id, name=name, icon="mdi:candle",
            labels=[label["label_id"]], area_id=area["area_id"],
        )  # fmt: skip
    for value in VALUES:
        server.post("/api/states/sensor.cellar", {"state": value, "attributes": {"unit_of_measurement": "°C"}})
        time.sleep(0.05)
    server.post("/api/services/input_boolean/turn_on", {"entity_id": "input_boolean.guest_mode"})
    server.post("/api/services/input_number/set_value", {"entity_id": "input_number.evening_brightness", "value": 95})
    server.post("/api/services/automation/turn_off", {"entity_id": "automation.goodnight_routine"})
    server.post(
        "/api/services/persistent_notification/create",
        {"title": "Filter", "message": "It wants to be cleaned.", "notification_id": "filter"},
    )
    time.sleep(2.5)  # the commit interval and what the devices still say
    return tokens


def tell(server: Server) -> dict[str, Any]:
    """What the server knows, in the words of its API."""
    socket = Socket(server)
    return {
        "states": {each["entity_id"]: each for each in server.get("/api/states")},
        "floors": socket.ask("config/floor_registry/list"),
        "areas": socket.ask("config/area_registry/list"),
        "labels": socket.ask("config/label_registry/list"),
        "devices": socket.ask("config/device_registry/list"),
        "entities": socket.ask("config/entity_registry/list"),
        "notifications": socket.ask("persistent_notification/get"),
        "users": server.get("/api/users"),
    }


def make(code: Path, target: Path, *, kill: bool) -> None:
    """Run the release in `code`, use it, end it, pack its home."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        server = OldServer(folder, code)
        try:
            server.use_its_demo_home()
            server.start()
            expected = {"tokens": use(server), **tell(server)}
            if kill:
                server.kill()
            else:
                server.terminate()
        finally:
            server.end()
        (folder / "expected.json").write_text(json.dumps(expected, indent=1, ensure_ascii=False), "utf-8")
        (server.home / ".marge" / "mosquitto.conf").unlink(missing_ok=True)  # made at each start, with paths in it
        target.parent.mkdir(parents=True, exist_ok=True)
        with tarfile.open(target, "w:gz") as archive:
            for path in (server.home, folder / "expected.json", *sorted(folder.glob(f"{server.database.name}*"))):
                archive.add(path, path.name)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("code", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--kill", action="store_true")
    options = parser.parse_args()
    make(options.code.resolve(), options.target.resolve(), kill=options.kill)


if __name__ == "__main__":
    main()
