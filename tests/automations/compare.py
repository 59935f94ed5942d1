"""What is compared of a replayed row: the events, the entity afterwards, the order, the traces."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

from marge.automations.tracing import RecordingTracer
from marge.model import dumps, loads
from tests.automations.world import World

TOLERANCE_S = 0.35
"""The recorded server took its time, and its wall-clock timers fired up to a second late."""
WALL_CLOCK_KINDS = ("time", "time_pattern", "sun", "calendar")
IGNORED_TYPES = {
    "system_log_event", "repairs_issue_registry_updated", "service_registered", "service_removed", "state_reported",
    "clock_set", "entity_registry_updated", "area_registry_updated", "persistent_notifications_updated",
    "component_loaded", "device_registry_updated",
}
IGNORED_ATTRIBUTES = {
    "effect", "color_mode", "color_temp_kelvin", "color_temp", "hs_color", "rgb_color", "xy_color", "brightness",
}
_DATETIME = re.compile(r"datetime\.datetime\([^()]*(\([^()]*\))?[^()]*\)")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?([+-]\d\d:\d\d|Z)?")


def _plain(value: Any) -> Any:
    """Without moments, which differ, and as JSON would show it."""
    if isinstance(value, str) and value.startswith("<MultiDictProxy("):
        return {}  # the recorded server's class for queries and forms
    if isinstance(value, str):
        return _DATETIME.sub("<T>", _MOMENT.sub("<T>", value))
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, float) and value == int(value):
        return int(value)
    return value


class _Contexts:
    """Context ids as numbers in the order of their first appearance."""

    def __init__(self) -> None:
        self._known: dict[str, int] = {}

    def name(self, identity: str | None) -> int | None:
        if identity is None:
            return None
        return self._known.setdefault(identity, len(self._known))


def _interesting(event_type: str, entity_id: str | None, row: dict[str, Any]) -> bool:
    if event_type in IGNORED_TYPES or event_type.startswith("webhook."):
        return False
    if entity_id is None:
        return True
    if entity_id.startswith(("group.", "sun.", "zone.")):
        return False
    text = json.dumps([row["config"], row["stimulus"], row.get("entity_id")])
    if row["name"] == "act service entity all":
        return True
    return entity_id in text or any(
        event.get("entity_id") == entity_id for event in row["observed"].get("events", [])
    )


def _is_own_call(event_type: str, data: dict[str, Any]) -> bool:
    """Calls that stand for the stimulus itself or for HA's way through `homeassistant.turn_on`."""
    return event_type == "call_service" and data.get("domain") == "homeassistant"


def _entry(t: float, event_type: str, content: Any, context: tuple[Any, Any], user: bool) -> dict[str, Any]:
    return {"t": t, "type": event_type, "content": content, "context": context, "user": user}


def describe_wanted(row: dict[str, Any]) -> list[dict[str, Any]]:
    contexts = _Contexts()
    found = []
    for event in row["observed"].get("events", []):
        event_type, entity_id = event["event_type"], event.get("entity_id")
        if not _interesting(event_type, entity_id, row):
            continue
        if event_type == "state_changed":
            changed = {
                key: value for key, value in (event.get("changed_attributes") or {}).items()
                if key not in IGNORED_ATTRIBUTES
            }
            content: Any = [entity_id, _plain(event["from"]), _plain(event["to"]), _plain(changed)]
        else:
            if _is_own_call(event_type, event["data"]):
                continue
            content = _plain(event["data"])
        context = event["context"]
        ids = (contexts.name(context["id"]), contexts.name(context["parent_id"]))
        found.append(_entry(event["t"], event_type, content, ids, context["user_id"] is not None))
    return found


def describe_seen(made: World, row: dict[str, Any], began: float) -> list[dict[str, Any]]:
    contexts = _Contexts()
    found = []
    for event in made.events:
        if event.event_type == "state_changed":
            old, new = event.data["old_state"], event.data["new_state"]
            entity_id = event.data["entity_id"]
            if not _interesting("state_changed", entity_id, row):
                continue
            before = {} if old is None else old.attributes
            after = {} if new is None else new.attributes
            changed = {
                key: value for key, value in after.items()
                if (key not in before or before[key] != value) and key not in IGNORED_ATTRIBUTES
            }
            content: Any = [
                entity_id,
                None if old is None else _plain(old.state),
                None if new is None else _plain(new.state),
                _plain(loads(dumps(changed))),
            ]
        else:
            if not _interesting(event.event_type, None, row) or _is_own_call(event.event_type, event.data):
                continue
            content = _plain(loads(dumps(event.data)))
        context = event.context
        ids = (contexts.name(context.id), contexts.name(context.parent_id))
        found.append(_entry(event.time_fired - began, event.event_type, content, ids, context.user_id is not None))
    return found


def key_of(entry: dict[str, Any]) -> str:
    content = entry["content"]
    if entry["type"] == "state_changed" and isinstance(content[3], dict) and "current" in content[3]:
        # Runs that begin in one simulated moment have the same time of beginning.
        content = [*content[:3], {key: value for key, value in content[3].items() if key != "last_triggered"}]
    if entry["type"] == "call_service":
        # Whether one entity is named alone or in a list is the caller's way of writing.
        content = json.loads(json.dumps(content))
        service_data = content.get("service_data") or {}
        if isinstance(service_data.get("entity_id"), str):
            service_data["entity_id"] = [service_data["entity_id"]]
    return json.dumps([entry["type"], content, entry["user"]], sort_keys=True)


def compare_events(row: dict[str, Any], seen: list[dict[str, Any]]) -> str | None:
    wanted = describe_wanted(row)
    wanted_keys, seen_keys = [key_of(each) for each in wanted], [key_of(each) for each in seen]
    if Counter(wanted_keys) != Counter(seen_keys):
        missing = list((Counter(wanted_keys) - Counter(seen_keys)).elements())
        extra = list((Counter(seen_keys) - Counter(wanted_keys)).elements())
        return f"missing {missing[:3]}, extra {extra[:3]}"
    wall = any(f'"trigger": "{kind}"' in json.dumps(row["config"]) for kind in WALL_CLOCK_KINDS)
    tolerance = 1.1 if wall else TOLERANCE_S
    by_key: dict[str, list[dict[str, Any]]] = {}
    for each in seen:
        by_key.setdefault(key_of(each), []).append(each)
    for each in wanted:
        other = by_key[key_of(each)].pop(0)
        if abs(other["t"] - each["t"]) > tolerance:
            return f"{each['type']} came at {other['t']:.2f} s, not {each['t']:.2f} s"
        if (other["context"][1] is None) != (each["context"][1] is None):
            return f"{each['type']} {each['content']}: context {other['context']}, not {each['context']}"
    return None


def compare_order(row: dict[str, Any], seen: list[dict[str, Any]]) -> str | None:
    pairs = zip(describe_wanted(row), seen, strict=True)
    wrong = [(key_of(one), key_of(other)) for one, other in pairs if key_of(one) != key_of(other)]
    return f"{wrong[0][1]} came before {wrong[0][0]}" if wrong else None


def compare_end(made: World, row: dict[str, Any]) -> str | None:
    wanted = row["observed"]
    entity_id = row.get("entity_id")
    if not entity_id or wanted.get("state") is None or not isinstance(wanted.get("attributes"), dict):
        return None
    if row["kind"] == "scene":
        return None
    state = made.home.states.get(entity_id)
    if state is None:
        return f"{entity_id} is gone"
    if state.state != wanted["state"]:
        return f"{entity_id} is {state.state}, not {wanted['state']}"
    for key in ("id", "mode", "current", "max", "icon"):
        if wanted["attributes"].get(key) != state.attributes.get(key):
            return f"{entity_id}.{key} is {state.attributes.get(key)}, not {wanted['attributes'].get(key)}"
    if (wanted["attributes"].get("last_triggered") is None) != (state.attributes.get("last_triggered") is None):
        return f"{entity_id}.last_triggered is {state.attributes.get('last_triggered')}"
    return None


def _trace_shape(steps: dict[str, list[Any]]) -> dict[str, Any]:
    return {
        path: [_plain({"result": each.get("result"), "error": each.get("error")}) for each in found]
        for path, found in steps.items()
        if not path.startswith("trigger")
    }


def compare_traces(row: dict[str, Any], tracers: list[RecordingTracer]) -> str | None:
    wanted = [each for each in row["observed"].get("traces", []) if isinstance(each, dict)]
    seen = tracers[-5:]
    if row["name"] == "config stored_traces 1":
        return None
    if len(wanted) != len(seen):
        return f"{len(seen)} traces, not {len(wanted)}"
    for one, other in zip(wanted, seen, strict=True):
        execution = one.get("script_execution")
        if execution is not None and execution != other.execution:
            return f"ended {other.execution}, not {execution}"
        have = {
            path: [{"result": step.result, "error": step.error} for step in steps]
            for path, steps in other.by_path().items()
        }
        want_shape = _trace_shape(one.get("trace") or {})
        have_shape = _trace_shape(loads(dumps(have)))
        if set(want_shape) != set(have_shape):
            return f"paths {sorted(set(have_shape) ^ set(want_shape))}"
        for path, steps in want_shape.items():
            if _volatile(steps) != _volatile(have_shape[path]):
                return f"{path}: {have_shape[path]}, not {steps}"
    return None


def _volatile(steps: Any) -> str:
    text = json.dumps(steps, sort_keys=True)
    text = re.sub(r'"remaining": [\d.e-]+', '"remaining": 0', text)
    return re.sub(r'(\{"__type": "<class .datetime.time.>", "isoformat": )?"\d\d:\d\d:\d\d(\.\d+)?"\}?', '"time"', text)
