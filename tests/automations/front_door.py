"""Plays recorded rows whose stimuli are clients' requests: a real server on simulated time, HTTP and WebSocket.

Compared are the events, as in `replay`, and each reply to a request.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import gevent

from marge.actors import SimulatedClock
from marge.config import load_home
from marge.home import Home
from tests.automations.compare import compare_events, describe_seen
from tests.automations.world import PatientClock, World
from tests.conformance.volatile import differences
from tests.support.home import HomeServer, QuietHome
from tests.support.waiting import until

PLACE = {"latitude": 40.39, "longitude": -111.85, "time_zone": "America/Denver", "unit_system": "us_customary"}
STEP_S = 0.004
INCLUDE = "!include automations.yaml"
NO_REPLY = "ws test_condition on unknown entity gets no reply"
"""HA fails while it answers; Marge answers with an error."""


@contextmanager
def server_on(
    folder: Path, sections: dict[str, Any] | str, now: float, bridges: tuple[str, ...] = ()
) -> Iterator[tuple[HomeServer, SimulatedClock]]:
    """A real server on this folder and on simulated time, shut down afterwards."""
    text = sections if isinstance(sections, str) else json.dumps(sections).replace(f'"{INCLUDE}"', INCLUDE)
    (folder / "configuration.yaml").write_text(text, "utf-8")
    config = load_home(folder, {})
    assert not config.fatal, config.fatal
    marge = dataclasses.replace(config.marge, http_host="127.0.0.1", http_port=0)
    clock = PatientClock(now)
    running = QuietHome(dataclasses.replace(config, marge=marge), clock)
    running.bridges = bridges
    try:
        running.start()
        yield HomeServer(running), clock
    finally:
        running.stop()


def play(row: dict[str, Any], sections: dict[str, Any], start: float, folder: Path) -> str | None:
    """What was not as recorded, or None."""
    for name, text in (row.get("files") or {}).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    sections = {**sections, "homeassistant": PLACE, "demo": {}, "automation": INCLUDE}
    (folder / "automations.yaml").write_text("[]\n", "utf-8")
    with server_on(folder, sections, start - 2.0, bridges=("demo",)) as (server, clock):
        server.add_users()
        home = server.home
        until(lambda: home.states.get("lock.kitchen_door"), what="the simulated devices")
        _prepare(server, row)
        clock.advance(2.0)
        made = World(home, clock)
        made.settle()
        made.events.clear()
        began = clock.now()
        problem = _play(server, made, row)
        made.settle()
        return problem or compare_events(row, describe_seen(made, row, began))


def _prepare(server: HomeServer, row: dict[str, Any]) -> None:
    if row["name"] == "delete config":
        body = {"alias": "rec_delete_config", **row["config"]}
        reply = server.rest("POST", "/api/config/automation/config/rec_delete_config", body)
        assert reply.status_code == 200, reply.text
    if row["name"] == "group persons":  # as the rows before left them
        for entity_id, state in (("person.rec", "home"), ("device_tracker.rec", "Home")):
            body = {"state": state, "attributes": {"latitude": 40.39, "longitude": -111.85}}
            server.rest("POST", f"/api/states/{entity_id}", body)


def _play(server: HomeServer, made: World, row: dict[str, Any]) -> str | None:
    began = made.clock.now()
    with server.websocket() as client:
        for number, step in enumerate(row["stimulus"]):
            made.advance(max(began + step.get("at", 0.0) - made.clock.now(), STEP_S))
            problem = _step(server, made, client, row, step)
            if problem:
                return f"stimulus {number}: {problem}"
            if "wait" in step:
                made.advance(step["wait"])
            made.settle()
    return None


def _step(server: HomeServer, made: World, client: Any, row: dict[str, Any], step: dict[str, Any]) -> str | None:
    if "service" in step:
        path = f"/api/services/{step['service'].replace('.', '/')}"
        call = gevent.spawn(server.rest, "POST", path, dict(step["data"]))
        for _ in range(200):  # a service may wait for simulated time
            if call.ready():
                break
            gevent.sleep(0.01)
            if step.get("took", 0) > 1:
                made.advance(0.05)
        reply = call.get(timeout=60)
        return None if reply.status_code == step["status"] else f"{reply.status_code} {reply.text}"
    if "rest" in step:
        method, _, path = step["rest"].partition(" ")
        return _same(step, server.rest(method, path, step["body"]))
    if "set_state" in step:
        body = {"state": step["state"], "attributes": step["attributes"]}
        server.rest("POST", f"/api/states/{step['set_state']}", body)
    elif "fire_event" in step:
        server.rest("POST", f"/api/events/{step['fire_event']}", step["data"])
    elif "ws" in step:
        return _same_command(row, step, client.command(step["ws"], **step["args"]))
    return None


def _same(step: dict[str, Any], reply: Any) -> str | None:
    if reply.status_code != step["status"]:
        return f"{reply.status_code} {reply.text}"
    found = differences(json.loads(step["reply"]), reply.json())
    found = [each for each in found if "order" not in each]  # how many groups there were before
    return "; ".join(found) or None


def _same_command(row: dict[str, Any], step: dict[str, Any], reply: dict[str, Any]) -> str | None:
    wanted = step["reply"]
    if wanted is None:
        return None if row["name"] == NO_REPLY and reply["success"] is False else f"unexpected {reply}"
    if step["ws"] == "blueprint/list":  # those that HA brings with it are HA's
        wanted = {**wanted, "result": {"rec/motion.yaml": wanted["result"]["rec/motion.yaml"]}}
        reply = {**reply, "result": {"rec/motion.yaml": reply["result"]["rec/motion.yaml"]}}
    return "; ".join(differences(wanted, {key: value for key, value in reply.items() if key != "id"})) or None


# -- the row with a restart --------------------------------------------------------------------------------------------


def play_restart(row: dict[str, Any], sections: dict[str, Any], start: float, folder: Path) -> str | None:
    """Automations before the end of the home, at its end and after it."""
    wanted = row["observed"]
    sections = {**sections, "automation": INCLUDE}
    file = folder / "automations.yaml"
    file.write_text("[]\n", "utf-8")
    with server_on(folder, sections, start) as (server, clock):
        file.write_text(json.dumps(row["config"]), "utf-8")
        server.home.services.call("automation", "reload", {})
        server.wait()
        problem = _differs(server.home, wanted["after_reload"], "after the reload")
        for step in row["stimulus"]:
            if step.get("service") == "homeassistant.stop":
                break
            if "service" in step:
                domain, _, name = step["service"].partition(".")
                server.home.services.call(domain, name, step["data"])
            else:
                World(server.home, clock).fire(step["fire_event"], step["data"])
            server.wait()
        problem = problem or _differs(server.home, wanted["before_stop"], "before the end")
    if problem:
        return problem
    with server_on(folder, sections, start + 30.0) as (server, _clock):
        server.wait()
        return _differs(server.home, wanted["after_restart"], "after the restart")


def _differs(home: Home, wanted: dict[str, Any], when: str) -> str | None:
    for entity_id, shown in wanted.items():
        state = home.states.get(entity_id)
        if state is None or state.state != shown["state"]:
            return f"{when} {entity_id} is {state}"
        attributes = dict(state.attributes)
        mine = attributes.pop("last_triggered", None)
        theirs = {key: value for key, value in shown["attributes"].items() if key != "last_triggered"}
        if when != "after the reload" and (mine is None) != (shown["attributes"].get("last_triggered") is None):
            return f"{when} {entity_id} was last triggered {mine}"
        attributes.pop("restored", None)
        if attributes != theirs:
            return f"{when} {entity_id} shows {attributes}, not {theirs}"
    return None
