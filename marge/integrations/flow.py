"""Flows: the conversation in which a person adds an integration, changes its options, or repairs something.

A flow is a class with a method `step_<id>(user_input)` a step; it is called with None to show the step and with the
checked values when they were sent. Steps run in the request's greenlet and may wait. Not here: the wire (`marge.http`).
"""

from __future__ import annotations

import uuid
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from marge.errors import NotFound
from marge.integrations.forms import Form, Invalid
from marge.integrations.host import EntryHost, host_of
from marge.util.ulid import ulid

if TYPE_CHECKING:
    from marge.home import Home
    from marge.registries import ConfigEntry

MAX_FLOWS = 200
"""Flows in progress; beyond it the oldest is forgotten: nobody finishes that one."""
SHARED = "config_flows"
USER, RECONFIGURE = "user", "reconfigure"


class Step:
    """What a step answers with; made by the methods of `Flow`."""


@dataclass(frozen=True, slots=True)
class ShowForm(Step):
    """Ask for these fields. `preview`: the integration whose `…/start_preview` the frontend may use."""

    step_id: str
    form: Form | None
    errors: Mapping[str, str] | None = None
    last_step: bool | None = None
    preview: str | None = None
    placeholders: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class ShowMenu(Step):
    """Ask which step comes next."""

    step_id: str
    options: Sequence[str]


@dataclass(frozen=True, slots=True)
class CreateEntry(Step):
    """The end: an entry is made, or its options become `data`."""

    title: str
    data: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Abort(Step):
    """The end, without an entry. `domain`: whose translations explain the reason, when it is not the handler's."""

    reason: str
    domain: str | None = None


class AbortFlow(Exception):
    """A way out of a step: the flow ends with this reason."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Flow:
    """One conversation.

    Attributes:
        handler: the domain, or for options the entry's id. flow_id: its address. source: `user` or what started it.
        entry: whose options are changed; None when one is to be made.
        is_advanced: the person is in advanced mode. reconfigured: the entry that is changed instead of a new one made.
    """

    version: ClassVar[int] = 1
    minor_version: ClassVar[int] = 1
    first_step: ClassVar[str] = "user"

    def __init__(self, home: Home, handler: str, entry: ConfigEntry | None, is_advanced: bool) -> None:
        self.home = home
        self.handler = handler
        self.domain = handler if entry is None else entry.domain
        self.entry = entry
        self.is_advanced = is_advanced
        self.flow_id = ulid() if entry is None else uuid.uuid4().hex
        self.source = USER
        self.unique_id: str | None = None
        self.context: dict[str, Any] = {}
        """More for `context` in the list of flows: what was discovered."""
        self.reconfigured: ConfigEntry | None = None
        self.shown: ShowForm | ShowMenu | None = None

    def step(self, step_id: str, user_input: dict[str, Any] | None) -> Step:
        """Run one step."""
        method: Callable[[dict[str, Any] | None], Step] = getattr(self, f"step_{step_id}")
        return method(user_input)

    def begin(self) -> Step:
        """The first step."""
        if self.reconfigured is not None:
            return self.step(RECONFIGURE, None)
        return self.step("init" if self.entry is not None else self.first_step, None)

    def take_unique_id(self, unique_id: str) -> None:
        """The identity of what is configured; ends the flow when there is such an entry.

        Raises:
            AbortFlow: already_configured.
        """
        if self.home.registries.config_entries.by_unique_id(self.domain, unique_id) is not None:
            raise AbortFlow("already_configured")
        self.unique_id = unique_id


class FlowManager:
    """The flows in progress, of one kind. Its methods wait: they run in a request's greenlet."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self._flows: OrderedDict[str, Flow] = OrderedDict()

    def get(self, flow_id: str) -> Flow:
        """The flow.

        Raises:
            NotFound: no such flow.
        """
        flow = self._flows.get(flow_id)
        if flow is None:
            raise NotFound("Invalid flow specified")
        return flow

    def begin(self, flow: Flow) -> dict[str, Any]:
        """Start a flow; what its first step says."""
        self._flows[flow.flow_id] = flow
        while len(self._flows) > MAX_FLOWS:
            self._flows.popitem(last=False)
        return self._run(flow, flow.begin)

    def show(self, flow_id: str) -> dict[str, Any]:
        """The present step again.

        Raises:
            NotFound: no such flow.
        """
        flow = self.get(flow_id)
        shown = flow.shown
        if isinstance(shown, ShowForm):
            return self._run(flow, lambda: flow.step(shown.step_id, None))
        assert shown is not None
        return _describe(flow, shown)

    def configure(self, flow_id: str, user_input: dict[str, Any]) -> dict[str, Any]:
        """Send a step's values; what comes next.

        Raises:
            NotFound: no such flow.
            Invalid: they do not fit the form.
        """
        flow = self.get(flow_id)
        shown = flow.shown
        if isinstance(shown, ShowMenu):
            chosen = _chosen(shown, user_input)
            return self._run(flow, lambda: flow.step(chosen, None))
        assert shown is not None
        values = user_input if shown.form is None else shown.form.read(self.home, user_input)
        return self._run(flow, lambda: flow.step(shown.step_id, values))

    def abort(self, flow_id: str) -> None:
        """Forget a flow.

        Raises:
            NotFound: no such flow.
        """
        self.get(flow_id)
        del self._flows[flow_id]

    def in_progress(self) -> list[Flow]:
        return list(self._flows.values())

    def finish(self, flow: Flow, step: CreateEntry) -> dict[str, Any]:
        """Make of a finished flow what it is for; more keys for the reply."""
        raise NotImplementedError

    def _run(self, flow: Flow, function: Callable[[], Step]) -> dict[str, Any]:
        try:
            step = function()
        except AbortFlow as exc:
            step = Abort(exc.reason)
        except BaseException:
            self._flows.pop(flow.flow_id, None)
            raise
        if isinstance(step, (ShowForm, ShowMenu)):
            flow.shown = step
            return _describe(flow, step)
        self._flows.pop(flow.flow_id, None)
        head = {"type": "abort", "flow_id": flow.flow_id, "handler": flow.handler}
        if isinstance(step, Abort):
            if step.domain is not None:
                return {**head, "reason": step.reason, "translation_domain": step.domain}
            return {**head, "reason": step.reason, "description_placeholders": None}
        assert isinstance(step, CreateEntry)
        head["type"] = "create_entry"
        return {**head, "description": None, "description_placeholders": None, **self.finish(flow, step)}


class ConfigFlows(FlowManager):
    """Flows that make entries."""

    def reconfigure(self, entry_id: str, is_advanced: bool = False) -> dict[str, Any]:
        """A person wants to change what an entry is about.

        Raises:
            NotFound: no such entry, or its integration cannot do that.
        """
        entry = self.home.registries.config_entries.get(entry_id)
        integration = None if entry is None else host_of(self.home).integrations.get(entry.domain)
        if entry is None or integration is None or not hasattr(integration.flow, f"step_{RECONFIGURE}"):
            raise NotFound("Invalid handler specified")
        assert integration.flow is not None
        flow = integration.flow(self.home, entry.domain, None, is_advanced)
        flow.source, flow.reconfigured = RECONFIGURE, entry
        return self.begin(flow)

    def start(self, handler: str, is_advanced: bool = False) -> dict[str, Any]:
        """A person wants to add the integration `handler`.

        Raises:
            NotFound: it cannot be added.
        """
        host = host_of(self.home)
        integration = host.integrations.get(handler)
        if integration is None or integration.flow is None:
            raise NotFound("Invalid handler specified")
        flow = integration.flow(self.home, handler, None, is_advanced)
        present = [each for each in self.home.registries.config_entries.for_domain(handler) if each.source != "ignore"]
        if integration.single_instance and present:
            return self._run(flow, lambda: Abort("single_instance_allowed", "homeassistant"))
        return self.begin(flow)

    def finish(self, flow: Flow, step: CreateEntry) -> dict[str, Any]:
        host: EntryHost = host_of(self.home)
        entry = self.home.registries.config_entries.create(
            flow.domain, step.title, flow.source, flow.unique_id, step.data, step.options,
            version=flow.version, minor_version=flow.minor_version,
        )  # fmt: skip
        entry = host.setup(entry.entry_id)
        return {
            "title": step.title, "minor_version": flow.minor_version, "options": dict(step.options),
            "subentries": [], "version": flow.version, "result": entry.as_dict(),
        }  # fmt: skip


class OptionsFlows(FlowManager):
    """Flows that change the options of an entry."""

    def start(self, entry_id: str, is_advanced: bool = False) -> dict[str, Any]:
        """A person wants to change the options.

        Raises:
            NotFound: no such entry, or it has no options.
        """
        host = host_of(self.home)
        entry = self.home.registries.config_entries.get(entry_id)
        integration = None if entry is None else host.integrations.get(entry.domain)
        if integration is None or integration.options_flow is None:
            raise NotFound("Invalid handler specified")
        return self.begin(integration.options_flow(self.home, entry_id, entry, is_advanced))

    def finish(self, flow: Flow, step: CreateEntry) -> dict[str, Any]:
        assert flow.entry is not None
        entries = self.home.registries.config_entries
        before = entries.get(flow.entry.entry_id)
        if before is None:
            raise NotFound("Invalid handler specified")
        if before.options != dict(step.data):
            entries.update(before.entry_id, options=dict(step.data))
            if before.state == "loaded":
                host_of(self.home).reload(before.entry_id)
        return {}


@dataclass(frozen=True, slots=True)
class Flows:
    """The flows of one home, in `home.shared["config_flows"]`."""

    config: ConfigFlows
    options: OptionsFlows

    def find(self, flow_type: Literal["config_flow", "options_flow"], flow_id: str) -> Flow:
        """The flow of a preview.

        Raises:
            NotFound: no such flow.
        """
        return (self.config if flow_type == "config_flow" else self.options).get(flow_id)


def flows_of(home: Home) -> Flows:
    """The home's flows; made at first use."""
    found = home.shared.get(SHARED)
    if not isinstance(found, Flows):
        found = home.shared[SHARED] = Flows(ConfigFlows(home), OptionsFlows(home))
    return found


def _chosen(menu: ShowMenu, user_input: Mapping[str, Any]) -> str:
    if "next_step_id" not in user_input:
        raise Invalid({"next_step_id": "required key not provided"})
    extra = [f"extra keys not allowed @ data['{name}']" for name in user_input if name != "next_step_id"]
    if extra:
        raise Invalid({"base": extra})
    chosen = user_input["next_step_id"]
    if chosen not in menu.options:
        raise Invalid({"next_step_id": f"value must be one of {sorted(menu.options)}"})
    return str(chosen)


def _describe(flow: Flow, step: ShowForm | ShowMenu) -> dict[str, Any]:
    head: dict[str, Any] = {"type": "form", "flow_id": flow.flow_id, "handler": flow.handler}
    if isinstance(step, ShowMenu):
        head["type"] = "menu"
        choice = {"type": "select", "options": [[each, each] for each in step.options], "name": "next_step_id"}
        return {
            **head, "data_schema": [choice], "menu_options": list(step.options), "description_placeholders": None,
            "step_id": step.step_id,
        }  # fmt: skip
    return {
        **head,
        "data_schema": [] if step.form is None else step.form.as_list(),  # the frontend walks through it
        "errors": None if step.errors is None else dict(step.errors),
        "description_placeholders": None if step.placeholders is None else dict(step.placeholders),
        "last_step": step.last_step,
        "preview": step.preview,
        "step_id": step.step_id,
    }


__all__ = [
    "Abort", "AbortFlow", "ConfigFlows", "CreateEntry", "Flow", "FlowManager", "Flows",
    "OptionsFlows", "ShowForm", "ShowMenu", "Step", "flows_of",
]
