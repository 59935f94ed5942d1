"""`action: light.turn_on`: a service is called, and waited for."""

from __future__ import annotations

from typing import Any

import voluptuous as vol

from marge.automations import fields
from marge.automations.entity_lookup import resolve_id
from marge.automations.kinds import ActionKind, Config
from marge.automations.runner import Step
from marge.errors import HomeError
from marge.templating import TemplateError

CALL_TIMEOUT_S = 30.0
"""How long the called entities together may take before the action fails."""

_TARGET = vol.Schema(
    {vol.Optional(key): object for key in ("entity_id", "device_id", "area_id", "floor_id", "label_id")}
)


def _service_name(value: Any) -> str:
    text = fields.string(value).lower().strip() if not fields.is_template(value) else str(value)
    if not fields.is_template(text) and (text.count(".") != 1 or not all(text.split("."))):
        raise vol.Invalid(f"Service {value} does not match format <domain>.<name>")
    return text


def _data(value: Any) -> Any:
    if value is None:
        return {}
    if isinstance(value, dict) or fields.is_template(value):
        return fields.templates(value)
    raise vol.Invalid("expected dict")


def _target(value: Any) -> Any:
    if value is None:
        return {}
    return fields.templates(value) if fields.is_template(value) else _TARGET(fields.templates(value))


_SCHEMA = vol.Schema(
    {
        vol.Required("action"): _service_name,
        vol.Optional("data", default=dict): _data,
        vol.Optional("data_template", default=dict): _data,
        vol.Optional("target", default=dict): _target,
        vol.Optional("entity_id"): object,
        vol.Optional("response_variable"): fields.string,
        vol.Optional("metadata"): dict,
    }
)


def _target_of(step: Step) -> dict[str, Any]:
    """The rendered target: lists, with registry ids of entities made entity ids."""
    config = step.config
    target = dict(_as_mapping(step.render(config["target"]), "target"))
    if "entity_id" in config:
        target["entity_id"] = step.render(config["entity_id"])
    for key, value in target.items():
        if key == "entity_id" and isinstance(value, str) and value.lower() in ("all", "none"):
            continue
        items = value.split(",") if isinstance(value, str) else fields.as_list(value)
        texts = [item.strip() if isinstance(item, str) else item for item in items]
        target[key] = [resolve_id(step.home, text) or text for text in texts] if key == "entity_id" else texts
    return target


def _as_mapping(value: Any, what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise HomeError(f"Error rendering {what} template: Result is not a Dictionary")
    return value


def _call_of(step: Step) -> tuple[str, str, dict[str, Any], dict[str, Any]]:
    """Domain, service, data, target.

    Raises:
        HomeError: a template failed or gave nonsense.
    """
    config = step.config
    try:
        name = str(step.render(config["action"])).strip().lower()
        domain, _, service = name.partition(".")
        if not domain or not service or "." in service:
            raise HomeError(f"Template rendered invalid service: {name}")
        data: dict[str, Any] = {}
        for part in ("data", "data_template"):
            data.update(_as_mapping(step.render(config[part]), part))
        return domain, service, data, _target_of(step)
    except TemplateError as exc:
        raise HomeError(f"Error rendering data template: {exc}") from exc


def _wants_response(step: Step, domain: str, service: str) -> bool:
    variable = step.config.get("response_variable")
    found = step.home.services.find(domain, service)
    if found is None:
        return False
    supports = found.supports_response
    if variable is not None:
        if supports == "none":
            raise vol.Invalid(
                f"Script does not support 'response_variable' for service '{service}' which does not support response"
                " data."
            )
        return True
    if supports == "only":
        raise vol.Invalid(
            f"Script requires 'response_variable' for response data for service call {domain}.{service}"
        )
    return False


def _run(step: Step) -> None:
    step.note("call service")
    domain, service, data, target = _call_of(step)
    respond = _wants_response(step, domain, service)
    # As in HA's traces: the target is shown among the data too, when there are data.
    shown = {**data, **target} if data else {}
    params = {"domain": domain, "service": service, "service_data": shown, "target": target}
    step.trace.set_result(params=params, running_script=domain == "script")
    result = step.home.services.call(
        domain, service, data, target, step.run.context, return_response=respond, timeout=CALL_TIMEOUT_S
    )
    if respond:
        step.assign(step.config["response_variable"], result.response)


def _schema(value: Any) -> Config:
    config: Config = _SCHEMA(value)
    return config


ACTION = ActionKind(("action",), _schema, _run, "call_service")
