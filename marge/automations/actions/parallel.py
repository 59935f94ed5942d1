"""`parallel:` runs branches at the same time and waits for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gevent
import voluptuous as vol

from marge.automations import fields
from marge.automations.errors import RunStopped
from marge.automations.kinds import ActionKind, Config
from marge.automations.runner import Step


def _branches(value: Any) -> list[Any]:
    """Each branch as a list of actions: a lone `sequence:` is the branch itself."""
    branches = []
    for item in fields.as_list(value):
        if isinstance(item, Mapping) and "sequence" in item and set(item) <= {"sequence", "alias", "metadata"}:
            branches.append(fields.as_list(item["sequence"]))
        else:
            branches.append(fields.as_list(item))
    return branches


def _schema(value: Any) -> Config:
    from marge.automations.validation import validate_actions

    schema = vol.Schema(
        {vol.Required("parallel"): lambda items: vol.Schema([validate_actions])(_branches(items))}
    )
    config: Config = schema(value)
    return config


def _run(step: Step) -> None:
    branches = step.config["parallel"]
    step.note("parallel")
    failures: list[BaseException | None] = [None] * len(branches)

    def run_branch(number: int) -> None:
        scope = step.scope.child(parallel=True)
        try:
            step.run.run_nested(branches[number], f"{step.path}/parallel/{number}/sequence", scope)
        except (RunStopped, gevent.GreenletExit):
            return
        except Exception as exc:  # noqa: BLE001 - raised below, once the other branches are done
            failures[number] = exc

    greenlets = [gevent.spawn(run_branch, number) for number in range(len(branches))]
    try:
        gevent.joinall(greenlets)
    finally:
        # When the run is stopped, its branches must not go on without it.
        gevent.killall([each for each in greenlets if not each.dead], RunStopped, block=True)
    failure = next((each for each in failures if each is not None), None)
    if failure is not None:
        raise failure


ACTION = ActionKind(("parallel",), _schema, _run, "parallel")
