"""Config entries of families whose devices are reached by their address: one entry a device.

An entry's `data` has `host` and, where the family needs it, a secret; neither is ever shown. Adding one asks the device
who it is first. Not here: talking to devices, and the actors that do (`marge.bridges.lan`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, cast

from marge.errors import BridgeError, CredentialsNeeded, InvalidRequest, Unreachable
from marge.integrations._repairs import RepairFlow, repairs_of
from marge.integrations.base import Integration
from marge.integrations.flow import Abort, CreateEntry, Flow, ShowForm, Step
from marge.integrations.forms import Field, Form, text
from marge.integrations.host import host_of

if TYPE_CHECKING:
    from marge.home import Home
    from marge.registries import ConfigEntry, Issue

SHARED = "lan_families"
"""In `home.shared`: the families by domain."""
KINDS = "bridge_kinds"
HOST = "host"
_LOGIN = "login_"


@dataclass(frozen=True, slots=True)
class Found:
    """A device that has answered.

    Attributes:
        unique_id: what it is known by, whatever its address (a MAC, a serial number).
        title: for people.
        data: for the config entry: `host`, and what is needed to talk to it.
        shown: for API replies: nothing secret.
    """

    unique_id: str
    title: str
    data: Mapping[str, Any]
    shown: Mapping[str, Any] = field(default_factory=dict)


class Family(Protocol):
    """What the bridge of a family offers (`marge.bridges.lan.family.LanFamily`). All of it may wait."""

    def probe(self, host: str, secrets: Mapping[str, str]) -> Found: ...
    def attach(self, entry_id: str) -> None: ...
    def detach(self, entry_id: str) -> None: ...
    def diagnostics(self, entry_id: str) -> Mapping[str, Any]: ...


def family_of(home: Home, domain: str) -> Family | None:
    """The family; None before the bridges are started."""
    found = home.shared.get(SHARED, {}).get(domain)
    if found is None and domain in home.shared.get(KINDS, {}):
        home.shared[KINDS][domain](home)  # it was disabled at the start
        found = home.shared.get(SHARED, {}).get(domain)
    return cast("Family | None", found)


def keep(home: Home, domain: str, found: Found, source: str = "user") -> ConfigEntry:
    """An entry for a device that was found: a new one, or the one that it has, with what is new in it. Waits until it
    is set up; then its actor makes the first contact."""
    entries, host = home.registries.config_entries, host_of(home)
    entry = entries.by_unique_id(domain, found.unique_id)
    if entry is None:
        entry = entries.create(domain, found.title, source, found.unique_id, found.data)
        return host.setup(entry.entry_id)
    refresh(home, entry, found)
    return host.need(entry.entry_id)


def refresh(home: Home, entry: ConfigEntry, found: Found) -> bool:
    """Give an entry the device's present address and secrets. Whether anything was new."""
    data = {**entry.data, **found.data}
    if data == entry.data and entry.state == "loaded":
        return False
    home.registries.config_entries.update(entry.entry_id, data=data)
    host_of(home).reload(entry.entry_id)
    return True


def secret_fields(secrets: Mapping[str, str]) -> Form:
    """A form for the texts that a device wants; what they most likely are is filled in."""
    kinds = {name: "password" if name == "password" else "text" for name in secrets}
    return Form(
        [Field(name, text(type=kind), required=True, suggested=secrets[name] or None) for name, kind in kinds.items()]
    )


class LanFlow(Flow):
    """Asks for an address, then for what the device wants beside it.

    Attributes:
        unasked: what is sent to the probe when a device is to take us again, beside the secrets.
        host: where the device is, once that was said.
        secrets: names of the texts that a device may want (`password`), and what they most likely are.
    """

    secrets: ClassVar[Mapping[str, str]] = {}
    unasked: ClassVar[Mapping[str, str]] = {}
    host: str = ""

    def step_user(self, user_input: dict[str, Any] | None) -> Step:
        """Where it is."""
        if user_input is None:
            return self._ask_host()
        self.host = str(user_input[HOST])
        return self.try_it({}, self._ask_host)

    def step_credentials(self, user_input: dict[str, Any] | None) -> Step:
        """What it wants to know."""
        if user_input is None:
            return self._ask_secrets()
        return self.try_it({name: str(user_input.get(name, "")) for name in self.secrets}, self._ask_secrets)

    def try_it(self, secrets: Mapping[str, str], again: Callable[[str], Step]) -> Step:
        """Ask the device who it is. `again`: the step that is shown with the problem when that fails."""
        family = family_of(self.home, self.domain)
        if family is None:
            return Abort("not_ready")
        try:
            found = family.probe(self.host, secrets)
        except InvalidRequest:
            return again("invalid_host")
        except Unreachable:
            return again("cannot_connect")
        except CredentialsNeeded:
            return self.refused(secrets)
        return self.done(found)

    def refused(self, secrets: Mapping[str, str]) -> Step:
        """The device wants something else than these."""
        if not self.secrets:
            return self._ask_host("invalid_auth")
        return self._ask_secrets("invalid_auth" if any(secrets.values()) else None)

    def done(self, found: Found) -> Step:
        """The device has answered."""
        entry = self.home.registries.config_entries.by_unique_id(self.domain, found.unique_id)
        if entry is not None:
            return Abort("reauth_successful" if refresh(self.home, entry, found) else "already_configured")
        self.unique_id = found.unique_id
        return CreateEntry(found.title, found.data)

    def _ask_host(self, problem: str | None = None) -> Step:
        form = Form([Field(HOST, text(), required=True, suggested=self.host or None)])
        return ShowForm("user", form, None if problem is None else {"base": problem})

    def _ask_secrets(self, problem: str | None = None) -> Step:
        errors = None if problem is None else {"base": problem}
        return ShowForm("credentials", secret_fields(self.secrets), errors, placeholders={HOST: self.host})


class LoginRepair(RepairFlow):
    """A device refuses us: asks for what it wants, and gives it to the entry that is there."""

    def __init__(self, home: Home, issue: Issue, flow: type[LanFlow]) -> None:
        super().__init__(home, issue)
        self._of = flow

    def step_confirm(self, user_input: dict[str, Any] | None) -> Step:
        """Once the device takes us the issue is mended."""
        if user_input is None:
            return self._ask(None)
        entry = self.home.registries.config_entries.get(self.issue.issue_id.removeprefix(_LOGIN))
        family = family_of(self.home, self.domain)
        if entry is None or family is None:
            return Abort("not_ready")
        secrets = {name: str(user_input.get(name, "")) for name in self._of.secrets}
        try:
            found = family.probe(str(entry.data.get(HOST, "")), {**secrets, **self._of.unasked})
        except CredentialsNeeded:
            return self._ask("invalid_auth")
        except (BridgeError, InvalidRequest):
            return self._ask("cannot_connect")
        if found.unique_id != entry.unique_id:
            return self._ask("another_device")
        refresh(self.home, entry, found)
        return CreateEntry("")

    def _ask(self, problem: str | None) -> Step:
        errors = None if problem is None else {"base": problem}
        form = secret_fields(self._of.secrets)
        return ShowForm("confirm", form, errors, placeholders=self.issue.translation_placeholders)


def lan_integration(domain: str, title: str, flow: type[Flow], kind: Any = "device", **more: Any) -> Integration:
    """The integration of a family. Its entries' actors run below `/bridges/<domain>`."""

    def start(home: Home) -> None:
        if issubclass(flow, LanFlow):
            repairs_of(home).register_flow(domain, lambda home, issue: LoginRepair(home, issue, flow))

    def setup(home: Home, entry: ConfigEntry) -> None:
        """At the home's start the bridge comes later, and finds the entry."""
        family = family_of(home, domain)
        if family is not None:
            family.attach(entry.entry_id)

    def unload(home: Home, entry: ConfigEntry) -> None:
        family = family_of(home, domain)
        if family is not None:
            family.detach(entry.entry_id)
        for each in home.registries.entities.for_config_entry(entry.entry_id):
            if each.entity_id in home.entities.owned:
                home.entities.release(each.entity_id)

    def removed(home: Home, entry: ConfigEntry) -> None:
        home.registries.issues.delete(domain, login_issue(entry.entry_id))

    def diagnostics(home: Home, entry: ConfigEntry) -> Mapping[str, Any]:
        family = family_of(home, domain)
        return {} if family is None else family.diagnostics(entry.entry_id)

    return Integration(
        domain, title, setup, unload=unload, removed=removed, start=start, flow=flow, kind=kind,
        iot_class="local_polling", diagnostics=diagnostics, **more,
    )  # fmt: skip


def login_issue(entry_id: str) -> str:
    """The id of the repair notice about a device that refuses us."""
    return f"{_LOGIN}{entry_id}"
