"""More of the soak's clients: streams of the past and of pictures, followed templates, things made and removed.

Each runs until `goes_on()` is false and counts in `outcomes` what it saw. Not here: load on states, harm (`soak`).
"""

from __future__ import annotations

import http.client
import json
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import gevent
import websocket

CAMERA = "camera.demo_camera"
STREAM_S, PICTURES_S = 12.0, 6.0
BACKUP_EVERY_S = 20.0
FOLLOWED = (
    "{{ states('sensor.soak_1') }} {{ states('sun.sun') }}",
    "{{ states.sensor | selectattr('state', 'eq', '7') | list | count }}",
    "{% for each in states.light %}{{ each.state }} {% endfor %}{{ now().minute }}",
)


class Refused(Exception):
    """The server answered with an error."""


class Clients:
    """What clients of the newer parts do.

    Args:
        connect: a WebSocket that is logged in and has used the id 1.
        send: one REST request; b"" when it failed (it is counted there).
    """

    def __init__(
        self, port: int, token: str, connect: Callable[[], websocket.WebSocket], send: Callable[..., bytes],
        outcomes: Counter[str], goes_on: Callable[[], bool],
    ) -> None:
        self._port, self._token = port, token
        self._connect, self._send = connect, send
        self._outcomes, self._goes_on = outcomes, goes_on

    def jobs(self) -> list[Callable[[], None]]:
        """Each to be run in a greenlet of its own."""
        return [
            self._again(work, pause)
            for work, pause in (
                (self.streams, 0.5), (self.streams, 0.5), (self.pictures, 0.5), (self.helpers, 0.2),
                (self.registries, 0.2), (self.backups, BACKUP_EVERY_S),
            )
        ] + [self._again_over_http(self.entries, 0.5)]

    def _again(self, work: Callable[[Link], None], pause: float) -> Callable[[], None]:
        def run() -> None:
            while self._goes_on():
                try:
                    link = Link(self._connect())
                    try:
                        work(link)
                    finally:
                        link.close()
                    self._outcomes[f"{work.__name__}: done"] += 1
                except (OSError, websocket.WebSocketException, http.client.HTTPException, Refused) as error:
                    self._outcomes[f"{work.__name__}: {type(error).__name__} {error}"[:100]] += 1
                gevent.sleep(pause)

        return run

    def _again_over_http(self, work: Callable[[], None], pause: float) -> Callable[[], None]:
        def run() -> None:
            while self._goes_on():
                work()
                gevent.sleep(pause)

        return run

    # -- what they do ------------------------------------------------------------------------------------------------

    def streams(self, link: Link) -> None:
        """The past and what goes on from there, as graphs and the logbook follow it; and templates."""
        start = (datetime.now(UTC) - timedelta(minutes=10)).isoformat()
        ids = [f"sensor.soak_{number}" for number in range(10)] + ["light.porch"]
        link.ask("history/stream", start_time=start, entity_ids=ids, minimal_response=True, no_attributes=True)
        link.ask("logbook/event_stream", start_time=start)
        for template in FOLLOWED:
            link.ask("render_template", template=template, report_errors=True)
        until = time.monotonic() + STREAM_S
        while self._goes_on() and time.monotonic() < until:
            link.receive()
            self._outcomes["streams: messages"] += 1

    def pictures(self, _link: Link) -> None:
        """A camera's stream, left in the middle of a picture."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=20)
        try:
            connection.request(
                "GET", f"/api/camera_proxy_stream/{CAMERA}", headers={"Authorization": f"Bearer {self._token}"}
            )
            reply = connection.getresponse()
            if reply.status != 200:
                raise Refused(f"{reply.status}")
            until = time.monotonic() + PICTURES_S
            while self._goes_on() and time.monotonic() < until and reply.read(4096):
                self._outcomes["pictures: pieces"] += 1
        finally:
            connection.close()

    def helpers(self, link: Link) -> None:
        """Made by hand, renamed, used, removed."""
        made = link.ask("input_boolean/create", name="Soak helper")
        link.ask("call_service", domain="input_boolean", service="toggle", target={"area_id": "kitchen"})
        link.ask("input_boolean/update", input_boolean_id=made["id"], name="Soak helper again")
        link.ask("input_boolean/delete", input_boolean_id=made["id"])

    def registries(self, link: Link) -> None:
        """Labels, areas, and an entity that gets and loses them."""
        label = link.ask("config/label_registry/create", name=f"Soak {time.time_ns()}")
        area = link.ask("config/area_registry/create", name=f"Soak {time.time_ns()}")
        for labels, area_id, name in (([label["label_id"]], area["area_id"], "Soaked"), ([], None, None)):
            link.ask(
                "config/entity_registry/update", entity_id="light.bedroom", labels=labels, area_id=area_id, name=name
            )
        link.ask("config/entity_registry/list")
        link.ask("config/label_registry/delete", label_id=label["label_id"])
        link.ask("config/area_registry/delete", area_id=area["area_id"])

    def backups(self, link: Link) -> None:
        """Made while everything goes on, and deleted."""
        link.ask("backup/generate", agent_ids=["backup.local"], name="soak")
        until = time.monotonic() + 15.0
        while time.monotonic() < until:
            found = link.ask("backup/info")
            if found.get("state", "idle") == "idle" and found["backups"]:
                break
            gevent.sleep(0.3)
        for each in link.ask("backup/info")["backups"]:
            link.ask("backup/delete", backup_id=each["backup_id"])

    def entries(self) -> None:
        """A config flow to its end, its entry removed again; and one that is given up."""
        path = "/api/config/config_entries/flow"
        for is_finished in (True, False):
            form = _read(self._send("POST", path, {"handler": "threshold", "show_advanced_options": False}))
            if "flow_id" not in form:
                continue
            if not is_finished:
                self._send("DELETE", f"{path}/{form['flow_id']}")
                continue
            answers = {"name": "Soak", "entity_id": "sensor.soak_1", "hysteresis": 0.0, "upper": 100.0}
            made = _read(self._send("POST", f"{path}/{form['flow_id']}", answers))
            entry_id = (made.get("result") or {}).get("entry_id")
            gevent.sleep(0.2)
            if entry_id:
                self._send("DELETE", f"/api/config/config_entries/entry/{entry_id}")


class Link:
    """Commands one after the other; events in between are dropped."""

    def __init__(self, link: websocket.WebSocket) -> None:
        self._link = link
        self._id = 1

    def ask(self, kind: str, **fields: Any) -> Any:
        """The result of a command.

        Raises:
            Refused: it failed.
        """
        self._id += 1
        self._link.send(json.dumps({"id": self._id, "type": kind, **fields}))
        while True:
            answer = json.loads(self.receive())
            if answer.get("id") == self._id and answer.get("type") == "result":
                if not answer["success"]:
                    raise Refused(f"{kind}: {answer['error']['code']} {answer['error']['message']}")
                return answer["result"]

    def receive(self) -> str | bytes:
        """The next message.

        Raises:
            WebSocketException: the connection has ended.
        """
        message: str | bytes = self._link.recv()
        if not message:
            raise websocket.WebSocketConnectionClosedException("closed")
        return message

    def close(self) -> None:
        self._link.close(timeout=1)


def _read(answer: bytes) -> dict[str, Any]:
    return dict(json.loads(answer)) if answer else {}
