"""Commands of the Assist pipelines."""

from __future__ import annotations

from typing import Any

import voluptuous as vol

from marge.conversation.pipelines import DEFAULT_TIMEOUT_S, FIELDS, NAME, STAGES, PipelineError, Request
from marge.http.assist import pipelines_of
from marge.http.rest.permissions import check_may_control
from marge.http.ws import errors
from marge.http.ws.collection import collection_commands
from marge.http.ws.registry import command
from marge.http.ws.session import Session

COMMANDS = collection_commands(
    "assist_pipeline/pipeline", FIELDS, name=NAME, id_name="pipeline_id", leave_out=("list", "delete")
)
_BY_ID = {vol.Required("pipeline_id"): str}


def _no_such(pipeline_id: object) -> errors.CommandError:
    return errors.CommandError(errors.NOT_FOUND, f"Unable to find pipeline_id {pipeline_id}")


@command("assist_pipeline/pipeline/list")
def list_pipelines(session: Session, message: dict[str, Any]) -> None:
    """All, and which one is preferred."""
    pipelines = pipelines_of(session.home)
    session.result(message["id"], {"pipelines": pipelines.items.all(), "preferred_pipeline": pipelines.preferred})


@command("assist_pipeline/pipeline/get", {vol.Optional("pipeline_id"): str})
def get_pipeline(session: Session, message: dict[str, Any]) -> None:
    """One; the preferred one when none is named."""
    found = pipelines_of(session.home).get(message.get("pipeline_id"))
    if found is None:
        raise _no_such(message.get("pipeline_id"))
    session.result(message["id"], found)


@command("assist_pipeline/pipeline/set_preferred", _BY_ID, admin=True)
def set_preferred(session: Session, message: dict[str, Any]) -> None:
    """The one that is used when none is named."""
    pipelines = pipelines_of(session.home)
    if message["pipeline_id"] not in pipelines.items:
        raise _no_such(message["pipeline_id"])
    pipelines.prefer(message["pipeline_id"])
    session.result(message["id"])


@command("assist_pipeline/pipeline/delete", _BY_ID, admin=True)
def delete_pipeline(session: Session, message: dict[str, Any]) -> None:
    """Delete one; not the preferred one."""
    pipelines, pipeline_id = pipelines_of(session.home), message["pipeline_id"]
    if pipeline_id not in pipelines.items:
        raise _no_such(pipeline_id)
    if pipeline_id == pipelines.preferred:
        raise errors.CommandError("not_allowed", f"Item {pipeline_id} preferred.")
    pipelines.items.delete(pipeline_id)
    session.result(message["id"])


@command("assist_pipeline/language/list")
def list_languages(session: Session, message: dict[str, Any]) -> None:
    """Languages in which a whole pipeline can work."""
    session.result(message["id"], {"languages": pipelines_of(session.home).languages()})


@command("assist_pipeline/device/list")
def list_devices(session: Session, message: dict[str, Any]) -> None:
    """Voice satellites; there are none."""
    session.result(message["id"], [])


@command(
    "assist_pipeline/device/capture",
    {vol.Required("device_id"): str, vol.Required("timeout"): vol.All(vol.Coerce(float), vol.Range(min=0, max=60))},
    admin=True,
)
def capture(session: Session, message: dict[str, Any]) -> None:
    """Sound of a voice satellite: a subscription in which, without one, nothing comes."""
    session.subscribe(message["id"], lambda: None)
    session.result(message["id"])


@command("assist_pipeline/pipeline_debug/list", _BY_ID, admin=True)
def list_runs(session: Session, message: dict[str, Any]) -> None:
    """The latest runs of a pipeline."""
    runs = pipelines_of(session.home).runs(message["pipeline_id"]) or []
    session.result(
        message["id"],
        {"pipeline_runs": [{"pipeline_run_id": each.run_id, "timestamp": each.timestamp} for each in runs]},
    )


@command("assist_pipeline/pipeline_debug/get", {**_BY_ID, vol.Required("pipeline_run_id"): str}, admin=True)
def get_run(session: Session, message: dict[str, Any]) -> None:
    """What happened in a run."""
    runs = pipelines_of(session.home).runs(message["pipeline_id"])
    if runs is None:
        raise errors.CommandError(errors.NOT_FOUND, f"pipeline_id {message['pipeline_id']} not found")
    run_id = message["pipeline_run_id"]
    found = next((each for each in runs if each.run_id == run_id), None)
    if found is None:
        raise errors.CommandError(errors.NOT_FOUND, f"pipeline_run_id {run_id} not found")
    session.result(message["id"], {"events": found.events})


@command(
    "assist_pipeline/run",
    {
        vol.Required("start_stage"): vol.In(STAGES),
        vol.Required("end_stage"): vol.In(STAGES),
        vol.Optional("input"): dict,
        vol.Optional("pipeline"): str,
        vol.Optional("conversation_id"): vol.Any(str, None),
        vol.Optional("device_id"): vol.Any(str, None),
        vol.Optional("timeout"): vol.Any(float, int),
    },
    waits=True,
)
def run(session: Session, message: dict[str, Any]) -> None:
    """Run a pipeline; what happens comes as events."""
    check_may_control(session.user)
    message_id, first = message["id"], message["start_stage"]
    if STAGES.index(first) > STAGES.index(message["end_stage"]):
        raise errors.CommandError(errors.UNKNOWN_ERROR, "Unknown error")  # so HA's clients know it
    given = message.get("input") or {}
    if first in ("intent", "tts") and not isinstance(given.get("text"), str):
        raise errors.CommandError(errors.INVALID_FORMAT, "required key not provided @ data['input']['text']")
    request = Request(
        first, message["end_stage"], str(given.get("text", "")), message.get("pipeline"),
        message.get("conversation_id"), message.get("device_id"), message.get("timeout", DEFAULT_TIMEOUT_S),
    )  # fmt: skip
    pipelines = pipelines_of(session.home)
    try:
        pipeline = pipelines.check(request)
    except PipelineError as exc:
        raise errors.CommandError(exc.code, str(exc)) from exc
    session.subscribe(message_id, lambda: None)
    session.result(message_id)
    pipelines.run(pipeline, request, session.context(), lambda event: session.event(message_id, event))
