"""The two commands about sensors: registering one, and reporting what they measure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pykka
import structlog
import voluptuous as vol
from voluptuous.humanize import humanize_error

from marge.entities import Report
from marge.errors import InvalidRequest, MargeError
from marge.integrations.mobile_app import schemas
from marge.integrations.mobile_app.replies import Answer, Refused

if TYPE_CHECKING:
    from marge.integrations.mobile_app.apps import App
log = structlog.get_logger("marge.integrations")

_TIMEOUT_S = 5.0


def register_sensor(app: App, data: Any) -> Answer:
    """A new sensor, or new facts of a known one."""
    try:
        app.register_sensor(data)
    except InvalidRequest as exc:
        raise Refused("invalid_format", str(exc)) from exc
    told(app, {entity_id: {} for entity_id in [app.sensor_id(data["type"], data["unique_id"])] if entity_id})
    answer: dict[str, Any] = {"success": True}
    if app.is_disabled(data["type"], data["unique_id"]):
        answer["is_disabled"] = True
    return Answer(answer, 201)


def update_sensor_states(app: App, data: Any) -> Answer:
    """What sensors measure now; each gets an answer of its own."""
    answers: dict[str, Any] = {}
    changes: dict[str, Mapping[str, Any]] = {}
    for sensor in data:
        kind, unique_id = sensor["type"], sensor["unique_id"]
        if not app.has_sensor(kind, unique_id):
            answers[unique_id] = _failed("not_registered", f"{kind} {unique_id} is not registered")
            continue
        try:
            valid = schemas.STATE(sensor)
        except vol.Invalid as exc:
            answers[unique_id] = _failed("invalid_format", str(humanize_error(sensor, exc)))
            continue
        entity_id = app.update_sensor(valid)
        answers[unique_id] = {"success": True}
        if entity_id is None:
            answers[unique_id]["is_disabled"] = True
        else:
            changes[entity_id] = {"config": app.config_of(kind, unique_id)}
    told(app, changes)
    return Answer(answers)


def told(app: App, changes: Mapping[str, Mapping[str, Any]]) -> None:
    """Tell entities what is new, and wait until they show it."""
    home = app.home
    asked = []
    for entity_id, values in changes.items():
        try:
            asked.append(home.system.ask_later(f"{home.entities.path}/{entity_id}", Report(values)))
        except MargeError as exc:
            log.warning("an app's entity is not there", entity_id=entity_id, problem=str(exc))
    for each in asked:
        try:
            each.get(timeout=_TIMEOUT_S)
        except (MargeError, pykka.ActorDeadError, pykka.Timeout) as exc:
            log.warning("an app's entity did not take a report", problem=repr(exc))


def _failed(code: str, message: str) -> dict[str, Any]:
    return {"success": False, "error": {"code": code, "message": message}}
