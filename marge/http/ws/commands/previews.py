"""What a helper would show, while its form is filled in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

import voluptuous as vol

from marge.errors import InvalidRequest
from marge.home import Home
from marge.http.ws.errors import CommandError
from marge.http.ws.registry import command
from marge.http.ws.session import Session
from marge.integrations._following import EntityPreview
from marge.integrations._helper_flow import HelperFlow, HelperOptionsFlow
from marge.integrations.flow import ShowForm, flows_of
from marge.integrations.forms import Invalid
from marge.integrations.group import KINDS as GROUPS
from marge.integrations.mold_indicator import MoldIndicator
from marge.integrations.statistics import Statistics
from marge.integrations.template.preview import TemplatePreview
from marge.integrations.threshold import Threshold

_FIELDS = {
    vol.Required("flow_id"): str,
    vol.Required("flow_type"): vol.In(("config_flow", "options_flow")),
    vol.Required("user_input"): dict,
}


class Preview(Protocol):
    """A preview that can be started and ended."""

    def start(self) -> None: ...

    def end(self) -> None: ...


Make = Callable[[Home, str, Mapping[str, Any], Callable[[dict[str, Any]], None]], Preview]


@command("template/start_preview", _FIELDS, admin=True, waits=True)
def template_preview(session: Session, message: dict[str, Any]) -> None:
    """Follow what the template entity of a form would show."""
    _start(session, message, "template", TemplatePreview)


@command("group/start_preview", _FIELDS, admin=True, waits=True)
def group_preview(session: Session, message: dict[str, Any]) -> None:
    """Follow what the group of a form would show."""
    _start(session, message, "group", lambda home, kind, conf, emit: EntityPreview(GROUPS[kind](home, conf), emit))


@command("threshold/start_preview", _FIELDS, admin=True, waits=True)
def threshold_preview(session: Session, message: dict[str, Any]) -> None:
    """Follow what the threshold of a form would show."""
    _start(session, message, "threshold", lambda home, _kind, conf, emit: EntityPreview(Threshold(home, conf), emit))


@command("statistics/start_preview", _FIELDS, admin=True, waits=True)
def statistics_preview(session: Session, message: dict[str, Any]) -> None:
    """Follow what the statistics of a form would show."""

    def make(home: Home, _kind: str, conf: Mapping[str, Any], emit: Callable[[dict[str, Any]], None]) -> Preview:
        entity = Statistics(home, conf)
        entity.load_now()
        return EntityPreview(entity, emit)

    _start(session, message, "statistics", make)


@command("mold_indicator/start_preview", _FIELDS, admin=True, waits=True)
def mold_indicator_preview(session: Session, message: dict[str, Any]) -> None:
    """Follow what the mold indicator of a form would show."""
    _start(
        session, message, "mold_indicator",
        lambda home, _kind, conf, emit: EntityPreview(MoldIndicator(home, conf), emit),
    )  # fmt: skip


def _start(session: Session, message: dict[str, Any], domain: str, make: Make) -> None:
    flow = flows_of(session.home).find(message["flow_type"], message["flow_id"])
    if flow.domain != domain or not isinstance(flow, (HelperFlow, HelperOptionsFlow)):
        raise InvalidRequest(f"This is no flow of {domain}")
    if not isinstance(flow.shown, ShowForm) or flow.shown.preview is None:
        raise InvalidRequest("This step has no preview")
    kind = flow.shown.step_id
    form = flow.form_of(kind)
    try:
        values = form.read(session.home, message["user_input"])
    except Invalid as exc:
        session.error(message["id"], "invalid_user_input", exc.errors)
        return
    asked = {each.name for each in form.fields}
    known = {key: value for key, value in flow.known().items() if key not in asked}
    conf = {"name": flow.entry.title if flow.entry is not None else "", **known, **values}
    message_id = message["id"]
    try:
        preview = make(session.home, kind, conf, lambda event: session.event(message_id, event))
    except (KeyError, ValueError, OverflowError) as exc:
        raise CommandError("invalid_user_input", str(exc)) from exc
    session.subscribe(message_id, preview.end)
    session.result(message_id)
    preview.start()
