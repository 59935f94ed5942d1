"""What an app may ask through its webhook. The answers are HA's, so that its apps work unchanged: what cannot be
understood gets an empty object, for an app repeats what fails."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog
import voluptuous as vol

from marge.components import components
from marge.domains._validators import boolean, entity_id, string
from marge.errors import InvalidRequest, MargeError
from marge.integrations.mobile_app import schemas, sealing
from marge.integrations.mobile_app.apps import App
from marge.integrations.mobile_app.replies import NOTHING, Answer, Refused
from marge.integrations.mobile_app.sensors import register_sensor, told, update_sensor_states
from marge.model import Event, dumps_anyhow, loads
from marge.templating import TemplateError
from marge.version import HA_VERSION
from marge.webhooks import WebhookCall, WebhookReply

log = structlog.get_logger("marge.integrations")

JSON_UTF8 = "application/json; charset=utf-8"
THEME_COLOR = "#03A9F4"
MAX_TEMPLATES = 500
"""In one request: an app asks for what its widgets show."""

_ENVELOPE = vol.Schema(
    {
        vol.Required("type"): string,
        vol.Optional("data"): vol.Any(dict, list),
        vol.Optional("encrypted"): boolean,
        vol.Optional("encrypted_data"): string,
    },
    extra=vol.REMOVE_EXTRA,
)


Command = Callable[[App, Any], Answer | None]


def answer(app: App, call: WebhookCall) -> WebhookReply:
    """Do what an app asks."""
    try:
        body = loads(call.body)
    except ValueError:
        return _empty(400)
    try:
        envelope = _ENVELOPE(body)
    except vol.Invalid as exc:
        log.warning("an app sent what is no request", device=app.data["device_name"], problem=str(exc))
        return _empty()
    name, data, key = envelope["type"], envelope.get("data"), None
    try:
        if app.data["supports_encryption"] and "encrypted" not in envelope:
            raise Refused("encryption_required", "Encryption required")
        if envelope.get("encrypted"):
            found = sealing.opened(app.data.get("secret") or "", envelope.get("encrypted_data", ""))
            if found is None:
                log.warning("an app's request cannot be decrypted", device=app.data["device_name"])
                return _empty()
            data, key = found
        return _reply(_run(app, name, data), key)
    except Refused as exc:
        error = {"success": False, "error": {"code": exc.code, "message": str(exc)}}
        return WebhookReply.json(error, exc.status, JSON_UTF8)


def _run(app: App, name: str, data: Any) -> Answer | None:
    found = _COMMANDS.get(name)
    if found is None:
        log.warning("an app asked for something unknown", device=app.data["device_name"], command=name[:50])
        return None
    schema, command = found
    try:
        valid = data if schema is None else schema({} if data is None else data)
    except vol.Invalid as exc:
        log.warning("an app's request is malformed", device=app.data["device_name"], command=name, problem=str(exc))
        return None
    return command(app, valid)


def _reply(made: Answer | None, key: bytes | None) -> WebhookReply:
    if made is None:
        return _empty()
    if made.body is NOTHING:
        return WebhookReply(made.status)
    body = made.body if key is None else sealing.sealed(key, made.body)
    return WebhookReply(made.status, dumps_anyhow(body), "application/json")


def _empty(status: int = 200) -> WebhookReply:
    return WebhookReply(status, b"{}", JSON_UTF8)


def _call_service(app: App, data: Any) -> Answer | None:
    try:
        app.home.services.call(data["domain"], data["service"], data["service_data"], None, app.context())
    except (MargeError, vol.Invalid) as exc:
        log.warning("an app's service call failed", device=app.data["device_name"], problem=str(exc))
        return Answer(NOTHING)
    return None


def _fire_event(app: App, data: Any) -> None:
    event = Event(data["event_type"], data["event_data"], app.context(), app.home.clock.now(), "REMOTE")
    app.home.bus.publish(event)


def _render(app: App, data: Any) -> Answer:
    return Answer({name: _rendered(app, each) for name, each in list(data.items())[:MAX_TEMPLATES]})


def _rendered(app: App, wanted: Any) -> Any:
    try:
        return app.home.templates.render(wanted["template"], wanted["variables"])
    except TemplateError as exc:
        return {"error": str(exc)}


def _scan_tag(app: App, data: Any) -> None:
    try:
        app.home.shared["tag"].scan(data["tag_id"], app.device.id, app.context())
    except (KeyError, InvalidRequest) as exc:
        log.warning("a tag cannot be taken", device=app.data["device_name"], problem=str(exc))


def _update_location(app: App, data: Any) -> None:
    told(app, {app.tracker.entity_id: {"location": data}})


def _update_registration(app: App, data: Any) -> Answer:
    app.update(**data)
    return Answer(app.shown())


def _get_config(app: App, _data: Any) -> Answer:
    config = app.home.config
    return Answer(
        {
            "latitude": config.latitude,
            "longitude": config.longitude,
            "elevation": config.elevation,
            "hass_device_id": app.device.id,
            "unit_system": dict(config.units),
            "location_name": config.location_name,
            "time_zone": str(config.time_zone),
            "components": sorted(components(app.home)),
            "version": HA_VERSION,
            "theme_color": THEME_COLOR,
            "entities": app.known_entities(),
        }
    )


def _get_zones(app: App, _data: Any) -> Answer:
    zones = sorted(app.home.states.domain("zone"), key=lambda each: each.entity_id)
    return Answer([each.as_dict() for each in zones])


def _stream_camera(app: App, data: Any) -> Answer:
    camera = data["camera_entity_id"]
    if app.home.states.get(camera) is None:
        return Answer({"success": False}, 400)
    return Answer({"mjpeg_path": f"/api/camera_proxy_stream/{camera}", "hls_path": None})


def _enable_encryption(app: App, _data: Any) -> Answer:
    if app.data["supports_encryption"]:
        raise Refused("encryption_already_enabled", "Encryption already enabled")
    secret = sealing.new_secret()
    app.update(supports_encryption=True, secret=secret)
    return Answer({"secret": secret})


def _converse(app: App, data: Any) -> Answer:
    assist = app.home.shared.get("conversation")
    if assist is None:
        raise Refused("not_supported", "There is no conversation agent")
    return Answer(
        assist.process(
            data["text"], app.context(), language=data.get("language"), conversation_id=data.get("conversation_id"),
            device_id=app.device.id,
        ).as_dict()
    )  # fmt: skip


_COMMANDS: dict[str, tuple[Callable[[Any], Any] | None, Command]] = {
    "call_service": (
        vol.Schema(
            {
                vol.Required("domain"): string,
                vol.Required("service"): string,
                vol.Optional("service_data", default={}): dict,
            }
        ),
        _call_service,
    ),
    "conversation_process": (
        vol.Schema(
            {
                vol.Required("text"): string,
                vol.Optional("language"): string,
                vol.Optional("conversation_id"): string,
            }
        ),
        _converse,
    ),
    "enable_encryption": (None, _enable_encryption),
    "fire_event": (
        vol.Schema({vol.Required("event_type"): schemas.event_type, vol.Optional("event_data", default={}): dict}),
        _fire_event,
    ),
    "get_config": (None, _get_config),
    "get_zones": (None, _get_zones),
    "register_sensor": (schemas.REGISTER, register_sensor),
    "render_template": (
        vol.Schema({str: {vol.Required("template"): string, vol.Optional("variables", default={}): dict}}),
        _render,
    ),
    "scan_tag": (vol.Schema({vol.Required("tag_id"): string}), _scan_tag),
    "stream_camera": (vol.Schema({vol.Required("camera_entity_id"): entity_id}), _stream_camera),
    "update_location": (schemas.LOCATION, _update_location),
    "update_registration": (schemas.UPDATE_REGISTRATION, _update_registration),
    "update_sensor_states": (schemas.STATES, update_sensor_states),
}
