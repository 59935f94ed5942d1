"""Flows of helpers: one form, or a menu of kinds with a form each; what is filled in becomes the entry's options."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from marge.integrations.flow import CreateEntry, Flow, ShowForm, ShowMenu, Step
from marge.integrations.forms import Field, Form

if TYPE_CHECKING:
    from marge.home import Home

Fields = Callable[[tuple[str, ...]], Sequence[Field]]
Check = Callable[["Home", Mapping[str, Any]], None]


class Refused(Exception):
    """The values do not go together; the form is shown again with this error code."""


@dataclass(frozen=True, slots=True)
class HelperForm:
    """One form.

    Attributes:
        fields: given the helper's own entities (which it must not follow), the fields.
        check: raises `Refused`, or `forms.Invalid`.
        preview: the integration whose preview the frontend may show.
        title: of the entry, from the options; their `name` when it is left out.
        following: the form that comes after this one; only without `type_key`.
    """

    fields: Fields
    check: Check | None = None
    preview: str | None = None
    title: Callable[[Home, Mapping[str, Any]], str] | None = None
    following: str | None = None


class HelperFlow(Flow):
    """Makes a helper.

    Attributes:
        forms: by step. With several, a menu comes first and `type_key` of the options says which was chosen.
    """

    forms: ClassVar[Mapping[str, HelperForm]] = {}
    type_key: ClassVar[str | None] = None

    _values: Mapping[str, Any] = {}

    def known(self) -> Mapping[str, Any]:
        """What was filled in on the forms before this one."""
        return self._values

    def form_of(self, step_id: str) -> Form:
        """The form of a step, as it is shown and checked."""
        return Form(self.forms[step_id].fields(())).first(self.is_advanced)

    def step(self, step_id: str, user_input: dict[str, Any] | None) -> Step:
        if step_id == self.first_step and self.type_key is not None:
            return ShowMenu(self.first_step, tuple(self.forms))
        helper, form = self.forms[step_id], self.form_of(step_id)
        is_last = helper.following is None
        if user_input is None:
            return ShowForm(step_id, form, last_step=is_last, preview=helper.preview)
        try:
            if helper.check is not None:
                helper.check(self.home, user_input)
        except Refused as exc:
            filled = form.suggest(user_input)
            return ShowForm(step_id, filled, {"base": str(exc)}, last_step=is_last, preview=helper.preview)
        self._values = {**self._values, **user_input}
        if helper.following is not None:
            return self.step(helper.following, None)
        options = dict(self._values) if self.type_key is None else {self.type_key: step_id, **user_input}
        title = str(options["name"]) if helper.title is None else helper.title(self.home, options)
        return CreateEntry(title, options=options)


class HelperOptionsFlow(Flow):
    """Changes a helper's options."""

    forms: ClassVar[Mapping[str, HelperForm]] = {}
    type_key: ClassVar[str | None] = None

    _values: Mapping[str, Any] | None = None

    def _kind(self, step_id: str) -> str:
        assert self.entry is not None
        if self.type_key is None:
            return step_id if step_id in self.forms else "user"
        return str(self.entry.options.get(self.type_key))

    def known(self) -> Mapping[str, Any]:
        """The present options."""
        return {} if self.entry is None else self.entry.options

    def form_of(self, step_id: str) -> Form:
        """The form, filled in with the present options."""
        assert self.entry is not None
        own = tuple(each.entity_id for each in self.home.registries.entities.for_config_entry(self.entry.entry_id))
        form = Form(self.forms[self._kind(step_id)].fields(own)).options(self.is_advanced)
        return form.suggest(self.entry.options)

    def step(self, step_id: str, user_input: dict[str, Any] | None) -> Step:
        assert self.entry is not None
        kind = self._kind(step_id)
        shown_id = "init" if kind == "user" else kind
        helper, form = self.forms[kind], self.form_of(step_id)
        is_last = helper.following is None
        if user_input is None:
            return ShowForm(shown_id, form, last_step=is_last, preview=helper.preview)
        # What is not asked here stays; what was asked and left empty goes.
        asked = {each.name for each in form.fields}
        present = self.entry.options if self._values is None else self._values
        options = {name: value for name, value in present.items() if name not in asked}
        options.update(user_input)
        try:
            if helper.check is not None:
                helper.check(self.home, options)
        except Refused as exc:
            filled = form.suggest(user_input)
            return ShowForm(shown_id, filled, {"base": str(exc)}, last_step=is_last, preview=helper.preview)
        self._values = options
        return CreateEntry("", data=options) if helper.following is None else self.step(helper.following, None)


def helper_flows(
    forms: Mapping[str, HelperForm], type_key: str | None = None
) -> tuple[type[HelperFlow], type[HelperOptionsFlow]]:
    """The two flows of a helper: without `type_key`, `forms` has the one key `user`."""

    class Make(HelperFlow):
        pass

    class Change(HelperOptionsFlow):
        pass

    Make.forms, Make.type_key = forms, type_key
    Change.forms, Change.type_key = forms, type_key
    return Make, Change
