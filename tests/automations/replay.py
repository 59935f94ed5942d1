"""Replays the recorded automation scenarios (`tests/data/automation.jsonl.gz`) against a real home on simulated time.

What is compared: which events happened, in which order and when, with their data and their causes; the entity
afterwards; and, counted apart, the traces. Left out: log events, the recorded server's own groups and repairs,
attributes of demo lights.
"""

from __future__ import annotations

import copy
import gzip
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import gevent

from marge.automations.sentences import sentence_triggers
from marge.automations.shared import shared_of
from marge.automations.tracing import RecordingTracer
from marge.domains.cover import CoverEntity
from marge.home import Home
from marge.integrations.template.yaml import TemplateSection
from marge.model import Context, Event
from marge.solar.almanac import almanac_of
from marge.util.dt import from_epoch
from tests.automations import front_door
from tests.automations.compare import compare_end, compare_events, compare_order, compare_traces, describe_seen
from tests.automations.dummies import DemoCalendar, DemoLight, DemoSwitch, DummyTopics
from tests.automations.world import World, world
from tests.support.waiting import PATIENCE_S, Patience, until

DATA = Path(__file__).parent.parent / "data" / "automation.jsonl.gz"
RECORDED_DEVICE = "99f555a28d21c17a3efbac6037aecad4"
SAY = "/api/conversation/process"
STEP_S = 0.004
"""Between two stimuli, so that moments differ."""
SECTIONS: dict[str, Any] = {
    "input_boolean": {
        "guest": {"name": "Guest mode"}, "a": {"name": "A"}, "b": {"name": "B"}, "c": {"name": "C"},
        "t1": {"name": "T1", "initial": False},
    },
    "input_number": {
        "target": {"name": "Target", "min": 0, "max": 100, "step": 1, "initial": 20},
        "n": {"name": "N", "min": -100, "max": 100, "step": 0.5, "initial": 0},
    },
    "input_select": {"mode": {"name": "Mode", "options": ["home", "away", "night"], "initial": "home"}},
    "input_text": {"note": {"name": "Note", "initial": ""}},
    "input_datetime": {
        "wake": {"name": "Wake", "has_time": True, "has_date": False},
        "when": {"name": "When", "has_time": True, "has_date": True},
    },
    "counter": {"c": {}},
    "timer": {"t": {"duration": "00:00:05"}},
    "zone": [{"name": "Work", "latitude": 40.50, "longitude": -111.90, "radius": 200, "icon": "mdi:briefcase"}],
    "script": {
        "rec_slow": {
            "alias": "rec_slow", "sequence": [{"event": "slow_start"}, {"delay": 0.8}, {"event": "slow_end"}]
        },
        "rec_resp": {
            "alias": "rec_resp",
            "sequence": [
                {"variables": {"r": {"greet": "hello {{ name }}"}}}, {"stop": "ok", "response_variable": "r"},
            ],
        },
        "rec_err": {"alias": "rec_err", "sequence": [{"stop": "script failed", "error": True}]},
    },
}


@lru_cache(maxsize=1)
def rows() -> tuple[dict[str, Any], ...]:
    with gzip.open(DATA, "rt", encoding="utf-8") as file:
        return tuple(json.loads(line) for line in file)


@dataclass
class Outcome:
    """What came of one row. `problem` is None when it passed."""

    row: dict[str, Any]
    problem: str | None = None
    trace_problem: str | None = None
    order_problem: str | None = None
    seen: list[Any] = field(default_factory=list)


def area_of(row: dict[str, Any]) -> str:
    """The part of the engine that a row is about."""
    words = row["name"].split()
    if row["kind"] in ("template", "group", "restart"):
        return str(row["kind"])
    first = {"trig": "triggers", "cond": "conditions", "act": "actions", "mode": "modes", "trigger": "triggers"}
    if words[0] in first:
        return first[words[0]]
    if row["kind"] in ("script", "scene"):
        return f"{row['kind']}s"
    return {"scene": "scenes", "group": "group", "blueprint": "blueprints", "ws": "websocket"}.get(words[0], "rest")


def needs_front_door(row: dict[str, Any]) -> bool:
    """Whether clients' own requests are part of the row, beyond what the home's parts do for them."""
    return any("rest" in step and SAY not in step["rest"] for step in row["stimulus"]) or (
        row["kind"] == "none" and any("ws" in step for step in row["stimulus"])
    )


# -- running a row -----------------------------------------------------------------------------------------------------


def _prepare_entities(home: Home, row: dict[str, Any], sections: dict[str, Any]) -> None:
    home.entities.add(DemoLight(False, _first_brightness(row)), "light.bed_light", "demo")
    home.entities.add(DemoLight(True), "light.ceiling_lights", "demo")
    home.entities.add(DemoSwitch(False), "switch.ac", "demo")
    home.entities.add(DemoSwitch(True), "switch.decorative_lights", "demo")
    now = from_epoch(home.clock.home_now()).astimezone(home.config.time_zone)
    home.entities.add(CoverEntity(), "cover.kitchen_window", "demo")
    home.entities.add(DemoCalendar(home, "Future Event", now + timedelta(minutes=30)), "calendar.calendar_1", "demo")
    begin = datetime(2026, 11, 20, 10, 34, 5, tzinfo=home.config.time_zone)
    home.entities.add(DemoCalendar(home, "Rec event", begin), "calendar.rec_cal", "demo")
    home.shared["mqtt_topics"] = DummyTopics(home)
    registries = home.registries
    light = registries.entities.get_or_create("light", "demo", "light_1", suggested_object_id="bed_light")
    if row["name"] == "trig state registry id":
        sections["automation"][0]["triggers"][0]["entity_id"] = light.id
    registries.entities.get_or_create("switch", "demo", "switch_2", suggested_object_id="ac")
    floor = registries.floors.create("First Floor")
    label = registries.labels.create("Important")
    area = registries.areas.create("Bedroom", floor_id=floor.floor_id)
    registries.entities.update("light.bed_light", area_id=area.id)
    device = registries.devices.get_or_create(identifiers=[("demo", "light_1")], connections=[], name="Bed Light")
    registries.entities.update("light.bed_light", device_id=device.id)
    for name in ("automation", "script"):
        sections[name] = _with_device(sections.get(name), device.id)
    for path, text in (row.get("files") or {}).items():
        file = home.config.config_dir / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    registries.entities.update("switch.ac", labels={label.label_id})
    if row["name"] == "trig persistent notification types":
        home.services.call("persistent_notification", "dismiss_all", {})
        for _ in range(3):  # left over from the recorded server's start and from the row before
            home.services.call("persistent_notification", "create", {"message": "old"})
    for entity_id, moment in _initial_moments(row):
        home.services.call("input_datetime", "set_datetime", {"entity_id": entity_id, **moment})
    context = Context.new()
    for entity_id, state, attributes in _initial_states(row) if row["kind"] != "template" else ():
        home.entities.write(entity_id, state, attributes, context)


def _with_device(section: Any, device_id: str) -> Any:
    """The section with this device for the recorded one."""
    if section is None or RECORDED_DEVICE not in json.dumps(section):
        return section
    return json.loads(json.dumps(section).replace(RECORDED_DEVICE, device_id))


def _first_brightness(row: dict[str, Any]) -> int:
    """What the light remembers from the row before."""
    for event in row["observed"].get("events", []):
        changed = event.get("changed_attributes") or {}
        if event.get("entity_id") == "light.bed_light" and changed.get("brightness"):
            return int(changed["brightness"])
    return 180


def _initial_moments(row: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Service data that bring the date helpers to where the row before left them."""
    found = []
    for event in row["observed"].get("events", []):
        entity_id = str(event.get("entity_id"))
        if entity_id.startswith("input_datetime.") and event["event_type"] == "state_changed":
            key = "datetime" if " " in event["from"] else "time"
            found.append((entity_id, {key: event["from"]}))
    return found[:1]


def _initial_states(row: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """Entities that the stimulus or the configuration names and that stood there before."""
    known = json.dumps(SECTIONS)
    seen: set[str] = set()
    found: dict[str, tuple[str, dict[str, Any]]] = {}
    for event in row["observed"].get("events", []):
        entity_id = event.get("entity_id")
        if event["event_type"] != "state_changed" or entity_id in seen:
            continue
        seen.add(entity_id)
        if event.get("from") is None:
            continue
        domain, _, object_id = entity_id.partition(".")
        if domain in SECTIONS and f'"{object_id}"' in known:
            continue
        if domain in ("automation", "light", "switch", "zone", "group") or entity_id == row.get("entity_id"):
            continue
        attributes: dict[str, Any] = {}
        if domain in ("device_tracker", "person"):
            far = (41, -112) if "coords" not in row["name"] and row["name"] != "trig zone default event is enter" else (
                41.5, -112.5)
            known_places = {"Work": (40.5, -111.9), "home": (40.39, -111.85), "Home": (40.39, -111.85)}
            latitude, longitude = known_places.get(event["from"], far)
            if "no gps" not in row["name"]:
                attributes = {"latitude": latitude, "longitude": longitude}
        if domain == "geo_location":
            place = {"latitude": 40.5, "longitude": -111.9} if event.get("to") is None else {}
            attributes = {"source": "rec", **place}
        found[entity_id] = (event["from"], attributes)
    return [(entity_id, state, attributes) for entity_id, (state, attributes) in found.items()]


def _start_of(row: dict[str, Any]) -> float:
    return datetime.fromisoformat(row["started_at"]).timestamp() if row.get("started_at") else 1_795_194_000.0


def _scenario_sections(row: dict[str, Any]) -> dict[str, Any]:
    sections = dict(SECTIONS)
    config = row["config"]
    object_id = str(row.get("entity_id") or "x.x").partition(".")[2]
    if row["kind"] == "automation":
        sections["automation"] = [{"id": object_id, "alias": object_id, **copy.deepcopy(config)}]
    elif row["kind"] == "script":
        sections["script"] = {**SECTIONS["script"], object_id: {"alias": object_id, **config}}
    elif row["kind"] == "group":
        sections["group"] = config
    elif row["kind"] == "scene":
        sections["scene"] = [{"id": object_id, "name": object_id, **config}]
    if "group.rec_g" in json.dumps(config):
        sections["group"] = {"rec_g": {"name": "Rec", "entities": ["input_boolean.a", "input_boolean.b"]}}
    if row["name"] == "act scene":
        sections["scene"] = [
            {
                "name": "rec_dyn",
                "entities": {"input_boolean.a": "on", "light.bed_light": {"state": "on", "brightness": 55}},
            }
        ]
    return sections


def run_row(row: dict[str, Any], database: Any = None) -> Outcome:
    """Play one row in a home of its own and compare."""
    outcome = Outcome(row)
    if row["kind"] == "restart" or needs_front_door(row):
        play = front_door.play_restart if row["kind"] == "restart" else front_door.play
        with TemporaryDirectory(prefix="marge-row-") as folder:
            outcome.problem = play(row, SECTIONS, _start_of(row), Path(folder))
        return outcome
    create = row.get("create")
    accepted = not isinstance(create, dict) or create.get("status") == 200
    tracers: list[RecordingTracer] = []
    start = _start_of(row)
    # The home is there a moment before the stimulus, so that nothing in it is new to the conditions.
    sections = _scenario_sections(row)

    def prepare(home: Home) -> None:
        _prepare_entities(home, row, sections)

    with world(sections, start=start - 1.0, database=database, prepare=prepare) as made:
        shared = shared_of(made.home)

        def new_tracer(home: Home, entity_id: str, context: Context) -> RecordingTracer:
            tracer = RecordingTracer(home.clock.now)
            if entity_id == row.get("entity_id"):
                tracers.append(tracer)
            return tracer

        shared.new_tracer = new_tracer
        if row["kind"] == "template":
            _load_templates(made, row)
        loaded = _is_loaded(made, row)
        if loaded != accepted:
            outcome.problem = f"{'accepted' if loaded else 'refused'}, but was {create}"
            return outcome
        if '"sun"' in json.dumps(row["config"]):
            until(lambda: _sun_is_known(made), what="the sun's times")
        made.advance(0.5 if row["name"] == "template binary_sensor" else 1.0)
        made.events.clear()
        tracers.clear()
        began = made.clock.now()
        _play(made, row)
        outcome.seen = describe_seen(made, row, began)
        outcome.problem = compare_events(row, outcome.seen) or compare_end(made, row)
        outcome.trace_problem = compare_traces(row, tracers)
        if outcome.problem is None:
            outcome.order_problem = compare_order(row, outcome.seen)
    return outcome


def _load_templates(made: World, row: dict[str, Any]) -> None:
    """As the recorded server did: the section is written, and `template.reload` called."""
    (made.home.config.config_dir / "configuration.yaml").write_text(json.dumps({"template": row["config"]}), "utf-8")
    TemplateSection(made.home).start()
    made.home.bus.publish(Event("homeassistant_start", {}, Context.new(), made.clock.now()))
    if row["name"] == "template sensor state":
        made.set("sensor.rec_ts", "2026-11-20T17:20:53+00:00", {"device_class": "timestamp"})  # of a row before
    done = made.call("template.reload")
    until(done.ready, what="the templates")
    made.settle()


def _sun_is_known(made: World) -> bool:
    """The almanac has its table."""
    made.settle()
    return almanac_of(made.home).exact(made.clock.home_now()) is not None


def _is_loaded(made: World, row: dict[str, Any]) -> bool:
    if row["kind"] == "script":
        return row.get("entity_id") in shared_of(made.home).scripts
    loaded = shared_of(made.home).automations
    return all(each.config is not None for each in loaded.values())


def _play(made: World, row: dict[str, Any]) -> None:
    began = made.clock.now()
    stimulus = row["stimulus"]
    for step in stimulus:
        due = began + step.get("at", 0.0)
        made.advance(max(due - made.clock.now(), STEP_S))
        if "service" in step:
            made.call(step["service"], dict(step["data"]), return_response=bool(step.get("return_response")))
        elif "fire_event" in step:
            made.fire(step["fire_event"], dict(step["data"]))
        elif "set_state" in step:
            made.set(step["set_state"], step["state"], step.get("attributes"))
        elif "delete_state" in step:
            made.home.entities.remove(step["delete_state"])
            made.settle()
        elif "webhook" in step:
            _call_webhook(made, row, step)
        elif "rest" in step:
            _say(made, step["body"])
        elif step.get("ws") == "call_service":  # other commands of the rows only read
            called = step["args"]
            made.call(f"{called['domain']}.{called['service']}", dict(called["target"]))
        elif "sensor.rec_ts" in str(step.get("note")):
            value = from_epoch(float(int(made.clock.now()) + 3)).isoformat()
            made.set("sensor.rec_ts", value, {"device_class": "timestamp"})
        if "wait" in step:
            made.advance(step["wait"])
    last = max([event["t"] for event in row["observed"].get("events", [])] + [0.0])
    rest = began + last + 0.02 - made.clock.now()
    if rest > 0:
        made.advance(rest)
    made.settle()
    _wait_for_native_threads(made, row)


def _wait_for_native_threads(made: World, row: dict[str, Any]) -> None:
    """What goes through the database's thread takes real time."""
    wanted = (row["observed"].get("attributes") or {}).get("current")
    entity_id = row.get("entity_id")
    patience = Patience(PATIENCE_S)
    while wanted is not None and entity_id and made.attribute(entity_id, "current") != wanted:
        if patience.is_over():
            return  # what is compared next says how it differs
        time.sleep(0.01)
        made.settle()


def _say(made: World, body: Mapping[str, Any]) -> None:
    """What the conversation agent does with a sentence first."""
    user_input = {
        "text": body["text"],
        "context": Context.new(user_id="user1"),
        "conversation_id": None,
        "device_id": None,
        "language": body["language"],
        "agent_id": "conversation.home_assistant",
        "extra_system_prompt": None,
    }
    gevent.spawn(sentence_triggers(made.home).respond, body["text"], user_input)
    made.settle()


def _call_webhook(made: World, row: dict[str, Any], step: dict[str, Any]) -> None:
    name, _, query = step["webhook"].partition("?")
    if step.get("status") == 405 or f'"{name}"' not in json.dumps(row["config"]):
        return
    data: dict[str, Any] = {"query": dict(part.split("=") for part in query.split("&") if part)}
    if isinstance(step["body"], dict):
        data["json"] = step["body"]
    else:
        data["data"] = dict(part.split("=") for part in (step["body"] or "").split("&") if part)
    made.home.bus.publish(Event(f"webhook.{name}", data, Context.new(), made.clock.now()))
    made.settle()
