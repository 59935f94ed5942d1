"""What an integration is, and how all of them are found. Not here: running them (`host.py`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from marge.errors import MargeError
from marge.util.parts import Report, find_parts

if TYPE_CHECKING:
    from marge.home import Home
    from marge.integrations.flow import Flow
    from marge.registries import ConfigEntry

Kind = Literal["device", "entity", "hardware", "helper", "hub", "service", "system", "virtual"]

SHARED = "entry_host"
"""The key of the `EntryHost` in `home.shared`."""


class NotReady(MargeError):
    """Setting up an entry cannot succeed now; it is tried again with growing pauses. The text is the reason shown."""


class Imported(NamedTuple):
    """An entry that the home's files, or Marge itself, ask for.

    Attributes:
        source: `import` or `system`.
    """

    title: str
    source: str = "import"
    data: Mapping[str, Any] = {}
    options: Mapping[str, Any] = {}


def _nothing(_home: Home, _entry: ConfigEntry) -> None:
    """An entry that only says that something else is there."""


@dataclass(frozen=True, slots=True)
class Integration:
    """One integration.

    Attributes:
        domain, title: its name, and the one for people.
        setup: makes the entry's entities (`host.add_entity`) and whatever they need. Runs in a greenlet of its own and
            may wait. Raises `NotReady`, or anything: then the entry is in `setup_error`.
        unload: undoes what is not undone by itself (entities, `host.on_unload`, `host.spawn` are).
        removed: the entry was deleted by the user: delete what it kept.
        start: once at start, before the entries: services, entities of the files.
        flow, options_flow: classes; None: cannot be added by hand, has no options.
        single_instance: one entry at most.
        imported: the entry that this home has anyway, or None.
        onboarding: title of the entry that a new home gets with its first set-up; None: none.
        kind: what the frontend files it under; `helper` is listed with the helpers.
        removes_devices: people may delete its devices one by one; `removed` or the bridge forgets them.
        device_removed: called with a device's id before people delete it.
        supports_unload: False: a change of the entry takes effect at the next start.
        diagnostics: what helps to find a fault in an entry; secrets are blacked out by the caller.
    """

    domain: str
    title: str
    setup: Callable[[Home, ConfigEntry], None] = _nothing
    unload: Callable[[Home, ConfigEntry], None] | None = None
    removed: Callable[[Home, ConfigEntry], None] | None = None
    start: Callable[[Home], None] | None = None
    flow: type[Flow] | None = None
    options_flow: type[Flow] | None = None
    single_instance: bool = False
    imported: Callable[[Home], Imported | None] | None = None
    onboarding: str | None = None
    kind: Kind = "hub"
    supports_unload: bool = True
    removes_devices: bool = False
    device_removed: Callable[[Home, str], None] | None = None
    iot_class: str | None = "calculated"
    diagnostics: Callable[[Home, ConfigEntry], Mapping[str, Any]] | None = None


def find_integrations(report: Report | None = None) -> dict[str, Integration]:
    """All integrations by domain, in alphabetical order. `report` hears of those that cannot be imported. Lets others
    in: not on the shared dispatcher."""
    found: dict[str, Integration] = {}
    for _name, module in find_parts("marge.integrations", report, breathe=True):
        integration = getattr(module, "INTEGRATION", None)
        if isinstance(integration, Integration):
            found[integration.domain] = integration
    return found
