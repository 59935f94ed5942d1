"""The services `script.<id>`: calling one runs the script and waits for it, unlike `script.turn_on`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from marge.automations.runner import current_run
from marge.automations.script import StartScript
from marge.errors import HomeError, Unavailable
from marge.services import ServiceCall

if TYPE_CHECKING:
    from marge.automations.loading_scripts import LoadedScript
    from marge.home import Home

CLIENT_WAIT_S = 60.0
"""A client that calls a script waits this long for it; the script goes on after that. A run waits without a limit."""


def register_script(home: Home, loaded: LoadedScript) -> None:
    """Make the script callable as `script.<its id in the files>`."""
    name, path = loaded.entity.key, loaded.entity.actor_path
    # What a field does not say is said for it, as HA does.
    fields = {key: {"advanced": False, "required": False} | dict(value or {}) for key, value in loaded.fields.items()}

    def handler(call: ServiceCall) -> Any:
        return run_script(home, name, path, call)

    home.services.register(
        "script",
        name,
        handler,
        supports_response="optional",
        description=loaded.description,
        fields=fields,
        name=loaded.entity.name or name,
    )


def remove_script(home: Home, name: str) -> None:
    home.services.remove("script", name)


def run_script(home: Home, name: str, path: str, call: ServiceCall) -> Any:
    """Run a script and wait for its end. Not from the shared dispatcher.

    Raises:
        HomeError: its response is not a mapping, or what made the run fail.
        Unavailable: it did not end in time for a client.
    """
    caller = current_run()
    message = StartScript(dict(call.data), call.context, None, caller.stack if caller is not None else ())
    run = home.system.ask(path, message)
    if run is None:
        return {}
    if caller is not None:
        caller.begin_waiting(shown=False, rests=False)
    if not run.settled.wait(None if caller is not None else CLIENT_WAIT_S):
        raise Unavailable(f"script.{name} still runs after {CLIENT_WAIT_S:g} s")
    if caller is not None and run.rested:
        caller.rested += 1  # the caller has waited as long as the script did
    if run.error is not None:
        raise run.error
    if not call.return_response:
        return None
    response = run.response if run.response is not None else {}
    if not isinstance(response, dict):
        raise HomeError(
            "Failed to process the returned action response data, expected a dictionary, but got"
            f" {type(response)}"
        )
    return response
