"""Flows of helpers whose forms come one after another, each made of what was filled in before."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from marge.integrations._helper_flow import Check, HelperFlow, HelperOptionsFlow, Refused
from marge.integrations.flow import CreateEntry, ShowForm, Step
from marge.integrations.forms import Field, Form

FIRST = "user"


@dataclass(frozen=True, slots=True)
class Stage:
    """One form.

    Attributes:
        fields: its fields, given what was filled in before.
        following: the step after it, or how it follows from the values; None: it is the last.
        check: of all values so far; raises `Refused`.
        preview: the integration whose preview the frontend may show.
    """

    fields: Callable[[Mapping[str, Any]], Sequence[Field]]
    following: str | Callable[[Mapping[str, Any]], str] | None = None
    check: Check | None = None
    preview: str | None = None

    @property
    def is_last(self) -> bool | None:
        return None if callable(self.following) else self.following is None


class StagedFlow(HelperFlow):
    """Makes a helper; begins with the stage `user`."""

    stages: ClassVar[Mapping[str, Stage]] = {}

    def form_of(self, step_id: str) -> Form:
        return Form(self.stages[step_id].fields(self._values)).first(self.is_advanced)

    def step(self, step_id: str, user_input: dict[str, Any] | None) -> Step:
        stage, form = self.stages[step_id], self.form_of(step_id)
        if user_input is None:
            return ShowForm(step_id, form, last_step=stage.is_last, preview=stage.preview)
        values = {**self._values, **user_input}
        try:
            if stage.check is not None:
                stage.check(self.home, values)
        except Refused as exc:
            filled = form.suggest(user_input)
            return ShowForm(step_id, filled, {"base": str(exc)}, last_step=stage.is_last, preview=stage.preview)
        self._values = values
        if stage.following is None:
            return CreateEntry(str(values["name"]), options=values)
        return self.step(stage.following(values) if callable(stage.following) else stage.following, None)


class StagedOptionsFlow(HelperOptionsFlow):
    """Changes what the last stage asks. Attribute `stage_of`: given the options, the stage and its step id."""

    stages: ClassVar[Mapping[str, Stage]] = {}
    stage_of: ClassVar[Callable[[Mapping[str, Any]], tuple[str, str]]]

    def _stage(self) -> tuple[Stage, str]:
        assert self.entry is not None
        name, step_id = type(self).stage_of(self.entry.options)
        return self.stages[name], step_id

    def form_of(self, step_id: str) -> Form:
        assert self.entry is not None
        form = Form(self._stage()[0].fields(self.entry.options)).options(self.is_advanced)
        return form.suggest(self.entry.options)

    def step(self, step_id: str, user_input: dict[str, Any] | None) -> Step:
        assert self.entry is not None
        stage, shown_id = self._stage()
        form = self.form_of(step_id)
        if user_input is None:
            return ShowForm(shown_id, form, last_step=True, preview=stage.preview)
        asked = {each.name for each in form.fields}  # what was asked and left empty goes
        options = {name: value for name, value in self.entry.options.items() if name not in asked} | user_input
        try:
            if stage.check is not None:
                stage.check(self.home, options)
        except Refused as exc:
            filled = form.suggest(user_input)
            return ShowForm(shown_id, filled, {"base": str(exc)}, last_step=True, preview=stage.preview)
        return CreateEntry("", data=options)


def staged_flows(
    stages: Mapping[str, Stage], shown: Callable[[Mapping[str, Any]], tuple[str, str]]
) -> tuple[type[StagedFlow], type[StagedOptionsFlow]]:
    """The two flows of a helper.

    Args:
        shown: given the options, the stage that changes them and its step id.
    """

    class Make(StagedFlow):
        pass

    class Change(StagedOptionsFlow):
        pass

    Make.stages = Change.stages = stages
    Change.stage_of = staticmethod(shown)
    return Make, Change
