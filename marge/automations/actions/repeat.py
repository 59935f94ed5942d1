"""`repeat:` a number of times, for each of some items, while or until conditions hold."""

from __future__ import annotations

from typing import Any

import structlog
import voluptuous as vol

from marge.automations import fields
from marge.automations.errors import ScriptAborted
from marge.automations.evaluate import holds_in_script
from marge.automations.kinds import ActionKind, Config
from marge.automations.runner import Step
from marge.errors import MargeError

log = structlog.get_logger("marge.automations")

MAX_ITERATIONS_WITHOUT_WAIT = 10_000
"""A `while` or `until` that goes round this often without ever waiting will not end by itself: it is cut off."""


def _count(value: Any) -> Any:
    return value if fields.is_template(value) else vol.All(vol.Coerce(int), vol.Range(min=0))(value)


def _items(value: Any) -> Any:
    return value if isinstance(value, list) else fields.dynamic_template(value)


def _one_way(value: Any) -> Any:
    ways = [key for key in ("count", "for_each", "while", "until") if key in value]
    if len(ways) != 1:
        raise vol.Invalid("must contain exactly one of count, for_each, while, until.")
    return value


def _schema(value: Any) -> Config:
    from marge.automations.validation import validate_actions, validate_conditions

    schema = vol.Schema(
        {
            vol.Required("repeat"): vol.All(
                {
                    vol.Optional("count"): _count,
                    vol.Optional("for_each"): _items,
                    vol.Optional("while"): validate_conditions,
                    vol.Optional("until"): validate_conditions,
                    vol.Required("sequence"): validate_actions,
                },
                _one_way,
            )
        }
    )
    config: Config = schema(value)
    return config


class _Loop:
    def __init__(self, step: Step) -> None:
        self.step = step
        self.config = step.config["repeat"]
        self.scope = step.scope.child()
        self.path = f"{step.path}/repeat"
        self._round = 0
        self._rounds_without_wait = 0
        self._rested = step.run.rested

    def go_round(self, **known: Any) -> None:
        """Set `repeat` for the next iteration."""
        self._round += 1
        self.step.run.breathe(self.step.path)
        self.scope.local("repeat", {"first": self._round == 1, "index": self._round, **known})

    def run_body(self) -> None:
        self.step.run.run_nested(self.config["sequence"], f"{self.path}/sequence", self.scope)
        run = self.step.run
        self._rounds_without_wait = self._rounds_without_wait + 1 if run.rested == self._rested else 0
        self._rested = run.rested

    def check_endless(self) -> None:
        """Cut off a loop that will not end.

        Raises:
            ScriptAborted: it went round too often without waiting.
        """
        if self._rounds_without_wait >= MAX_ITERATIONS_WITHOUT_WAIT:
            text = f"loop terminated: {MAX_ITERATIONS_WITHOUT_WAIT} iterations without waiting"
            run = self.step.run
            place = run.place(self.step.path)
            log.error(f"{run.label}: {text}", automation=run.label, step=self.step.path, where=place)
            raise ScriptAborted(text)

    def holds(self, word: str) -> bool | None:
        environment = self.step.environment()
        environment.variables = self.scope
        trace = environment.tracer.step(self.path)
        result = holds_in_script(self.config[word], environment, f"{self.path}/{word}", word)
        trace.set_result(result=result)
        return result


def _run(step: Step) -> None:
    loop = _Loop(step)
    config = loop.config
    step.note("repeat")
    if "count" in config:
        _repeat_count(step, loop)
    elif "for_each" in config:
        _repeat_for_each(step, loop)
    elif "while" in config:
        while True:
            loop.go_round()
            if not loop.holds("while"):
                return
            loop.run_body()
            loop.check_endless()
    else:
        while True:
            loop.go_round()
            loop.run_body()
            # What cannot be told ends the loop as well: it would not be told the next time either.
            if loop.holds("until") is not False:
                return
            loop.check_endless()


def _repeat_count(step: Step, loop: _Loop) -> None:
    try:
        count = int(step.render(loop.config["count"]))
    except (MargeError, TypeError, ValueError) as exc:
        log.error(
            f"{step.run.label}: Error rendering {step.run.label} repeat count template: {exc}",
            automation=step.run.label,
            step=step.path,
            where=step.run.place(step.path),
        )
        raise ScriptAborted(str(exc)) from exc
    for index in range(1, count + 1):
        loop.go_round(last=index == count)
        loop.run_body()


def _repeat_for_each(step: Step, loop: _Loop) -> None:
    items = step.render(loop.config["for_each"])
    if not isinstance(items, (list, tuple, set)):
        log.error(
            f"{step.run.label}: Repeat 'for_each' must be a list of items in {step.run.label}, got: {items}",
            automation=step.run.label,
            step=step.path,
            where=step.run.place(step.path),
        )
        raise ScriptAborted("Repeat 'for_each' must be a list of items")
    for index, item in enumerate(items, 1):
        loop.go_round(last=index == len(items), item=item)
        loop.run_body()


ACTION = ActionKind(("repeat",), _schema, _run, "repeat")
