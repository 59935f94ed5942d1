"""Intents that change something."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pykka
import structlog
import voluptuous as vol

from marge.conversation.intents import (
    Handler,
    Intent,
    IntentError,
    NothingMatches,
    Outcome,
    outcome_of,
    shown_entity,
)
from marge.conversation.targets import Found, Wanted, find, texts
from marge.domains._color_names import COLORS
from marge.domains.todo import COMPLETED, NEEDS_ACTION, TodoListEntity
from marge.errors import MargeError

if TYPE_CHECKING:
    from marge.home import Home
    from marge.model import State

log = structlog.get_logger("marge.conversation")

Called = tuple[str, str, dict[str, Any]]
"""A service: domain, name, data."""

_ON = {
    "button": "press", "cover": "open_cover", "input_button": "press", "lawn_mower": "start_mowing", "lock": "lock",
    "vacuum": "start", "valve": "open_valve",
}  # fmt: skip
_OFF = {
    "cover": "close_cover", "lawn_mower": "dock", "lock": "unlock", "vacuum": "return_to_base",
    "valve": "close_valve",
}  # fmt: skip


def wanted_of(intent: Intent, domains: tuple[str, ...] = ()) -> Wanted:
    """What the usual slots ask for. `domains`: the only ones that make sense."""
    slots = intent.slots
    said = texts(slots.get("domain"))
    return Wanted(
        name=_text(slots.get("name")),
        area=_text(slots.get("area")),
        floor=_text(slots.get("floor")),
        domains=said or domains,
        device_classes=texts(slots.get("device_class")),
        states=texts(slots.get("state")),
    )


def found_by(home: Home, intent: Intent, wanted: Wanted) -> Found:
    """The entities meant.

    Raises:
        NothingMatches: there are none.
        IntentError: nothing was named.
    """
    if wanted.is_anything:
        raise IntentError("the intent names nothing")
    found = find(home, wanted, intent.is_visible, intent.bare)
    if found.missing is not None:
        raise NothingMatches(found)
    return found


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if not isinstance(value, (str, int, float)):
        raise IntentError("a slot is not a text")
    return str(value)


def _number(intent: Intent, slot: str, low: float, high: float) -> float:
    try:
        value = float(intent.slots[slot])
    except (KeyError, TypeError, ValueError) as exc:
        raise IntentError(f"the slot {slot} is missing or no number") from exc
    if not low <= value <= high:
        raise IntentError(f"the slot {slot} is not from {low:g} to {high:g}")
    return value


def call_each(home: Home, intent: Intent, found: Found, services: Mapping[str, Called]) -> Outcome:
    """Call a service for the entities of each domain: `{entity domain: (domain, service, data)}`.

    Raises:
        IntentError: it failed for all of them.
    """
    outcome = outcome_of(found)
    by_domain: dict[str, list[State]] = {}
    for state in found.states:
        by_domain.setdefault(state.domain, []).append(state)
    failed: list[State] = []
    for domain, states in by_domain.items():
        called = services.get(domain)
        try:
            if called is None:
                raise IntentError(f"{domain} cannot do this")
            ids = [state.entity_id for state in states]
            home.services.call(called[0], called[1], {"entity_id": ids, **called[2]}, None, intent.context)
        except (MargeError, vol.Invalid, pykka.Timeout) as exc:
            log.warning("an intent failed", intent=intent.name, domain=domain, reason=str(exc))
            failed.extend(states)
    if failed and len(failed) == len(found.states):
        raise IntentError("it could not be done")
    gone = {state.entity_id for state in failed}
    outcome.success = [each for each in outcome.success if each["id"] not in gone]
    outcome.failed = [shown_entity(state) for state in failed]
    return outcome


def _turn(service: str, special: Mapping[str, str]) -> Handler:
    def run(home: Home, intent: Intent) -> Outcome:
        found = found_by(home, intent, wanted_of(intent))
        services: dict[str, Called] = {}
        for domain in {state.domain for state in found.states}:
            own = special.get(domain, service)
            if home.services.has(domain, own):
                services[domain] = (domain, own, {})
            elif service in ("turn_on", "turn_off", "toggle") and domain not in special:
                services[domain] = ("homeassistant", service, {})
        return call_each(home, intent, found, services)

    return run


def _simple(domain: str, service: str, data: Mapping[str, Any] | None = None) -> Handler:
    """A service of one domain without anything to say about it."""

    def run(home: Home, intent: Intent) -> Outcome:
        found = found_by(home, intent, wanted_of(intent, (domain,)))
        return call_each(home, intent, found, {domain: (domain, service, dict(data or {}))})

    return run


def _light_set(home: Home, intent: Intent) -> Outcome:
    data: dict[str, Any] = {}
    if "brightness" in intent.slots:
        data["brightness_pct"] = int(_number(intent, "brightness", 0, 100))
    if "color" in intent.slots:
        color = str(intent.slots["color"]).replace(" ", "").lower()
        if color not in COLORS:
            raise IntentError("no such colour")
        data["color_name"] = color
    if "temperature" in intent.slots:
        data["color_temp_kelvin"] = int(_number(intent, "temperature", 1_000, 20_000))
    if not data:
        raise IntentError("neither brightness nor colour")
    found = found_by(home, intent, wanted_of(intent, ("light",)))
    return call_each(home, intent, found, {"light": ("light", "turn_on", data)})


def _set_position(home: Home, intent: Intent) -> Outcome:
    position = int(_number(intent, "position", 0, 100))
    found = found_by(home, intent, wanted_of(intent, ("cover", "valve")))
    services = {
        "cover": ("cover", "set_cover_position", {"position": position}),
        "valve": ("valve", "set_valve_position", {"position": position}),
    }
    return call_each(home, intent, found, services)


def _set_temperature(home: Home, intent: Intent) -> Outcome:
    temperature = _number(intent, "temperature", -100, 300)
    found = found_by(home, intent, wanted_of(intent, ("climate",)))
    return call_each(home, intent, found, {"climate": ("climate", "set_temperature", {"temperature": temperature})})


def _set_volume(home: Home, intent: Intent) -> Outcome:
    level = _number(intent, "volume_level" if "volume_level" in intent.slots else "volume", 0, 100) / 100
    found = found_by(home, intent, wanted_of(intent, ("media_player",)))
    return call_each(home, intent, found, {"media_player": ("media_player", "volume_set", {"volume_level": level})})


def _set_fan_speed(home: Home, intent: Intent) -> Outcome:
    percentage = int(_number(intent, "percentage", 0, 100))
    found = found_by(home, intent, wanted_of(intent, ("fan",)))
    return call_each(home, intent, found, {"fan": ("fan", "set_percentage", {"percentage": percentage})})


def _set_humidity(home: Home, intent: Intent) -> Outcome:
    humidity = int(_number(intent, "humidity", 0, 100))
    found = found_by(home, intent, wanted_of(intent, ("humidifier",)))
    return call_each(home, intent, found, {"humidifier": ("humidifier", "set_humidity", {"humidity": humidity})})


def _nevermind(_home: Home, _intent: Intent) -> Outcome:
    return Outcome()


def _add_to(name: str | None) -> Handler:
    """Put something on a list; on the shopping list when `name` says so."""

    def run(home: Home, intent: Intent) -> Outcome:
        item = _text(intent.slots.get("item"))
        if not item or not item.strip():
            raise IntentError("the slot item is missing")
        found = _list_of(home, intent, name)
        data = {"todo": ("todo", "add_item", {"item": item.strip()})}
        outcome = call_each(home, intent, found, data)
        outcome.facts["item"] = item.strip()
        return outcome

    return run


def _complete_item(home: Home, intent: Intent) -> Outcome:
    item = _text(intent.slots.get("item"))
    if not item:
        raise IntentError("the slot item is missing")
    found = _list_of(home, intent, None)
    entity = home.entities.owned.get(found.states[0].entity_id)
    items = entity.items if isinstance(entity, TodoListEntity) else ()
    name = intent.bare(item)
    uid = next((each.uid for each in items if each.status == NEEDS_ACTION and intent.bare(each.summary) == name), None)
    if uid is None:
        raise IntentError("no such item on the list")
    outcome = call_each(home, intent, found, {"todo": ("todo", "update_item", {"item": uid, "status": COMPLETED})})
    outcome.facts["item"] = item
    return outcome


def _list_of(home: Home, intent: Intent, platform: str | None) -> Found:
    if platform is None:
        return found_by(home, intent, Wanted(name=_text(intent.slots.get("name")), domains=("todo",)))
    entries = home.registries.entities.of_platform(platform)
    state = home.states.get(entries[0].entity_id) if entries else None
    if state is None:
        raise NothingMatches(Found(missing="domain"))
    return Found([state])


DOING: dict[str, Handler] = {
    "HassTurnOn": _turn("turn_on", _ON),
    "HassTurnOff": _turn("turn_off", _OFF),
    "HassToggle": _turn("toggle", {}),
    "HassLightSet": _light_set,
    "HassSetPosition": _set_position,
    "HassClimateSetTemperature": _set_temperature,
    "HassSetVolume": _set_volume,
    "HassFanSetSpeed": _set_fan_speed,
    "HassHumidifierSetpoint": _set_humidity,
    "HassMediaPause": _simple("media_player", "media_pause"),
    "HassMediaUnpause": _simple("media_player", "media_play"),
    "HassMediaNext": _simple("media_player", "media_next_track"),
    "HassMediaPrevious": _simple("media_player", "media_previous_track"),
    "HassVacuumStart": _simple("vacuum", "start"),
    "HassVacuumReturnToBase": _simple("vacuum", "return_to_base"),
    "HassNevermind": _nevermind,
    "HassListAddItem": _add_to(None),
    "HassShoppingListAddItem": _add_to("shopping_list"),
    "HassListCompleteItem": _complete_item,
}
