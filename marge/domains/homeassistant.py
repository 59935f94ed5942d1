"""Services that are not of one domain: on and off for anything, check, reload, stop.

Here: passing on to the domains. Not here: how the process stops (`home.shared["run"].end()`, the application's).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import gevent
import structlog
import voluptuous as vol

from marge.actors import native
from marge.config import load_home
from marge.domains._catalog import fields_of
from marge.domains._core_config import ELEVATIONS_M, CoreConfig
from marge.domains._core_config import SHARED as CORE_CONFIG
from marge.domains._validators import entity_ids
from marge.domains.persistent_notification import SHARED as NOTIFICATIONS
from marge.entities import Domain
from marge.errors import HomeError
from marge.rereading import read_again
from marge.services.targets import INDIRECT_KEYS, TARGET_FIELDS, names_indirectly, without_targets
from marge.templating import read_custom_templates

if TYPE_CHECKING:
    from marge.home import Home
    from marge.services.registry import ServiceCall

log = structlog.get_logger("marge.domains.homeassistant")

_GROUP_DEPTH = 8
_LOCATION = {
    vol.Required("latitude"): vol.All(vol.Coerce(float), vol.Range(min=-90, max=90), msg="invalid latitude"),
    vol.Required("longitude"): vol.All(vol.Coerce(float), vol.Range(min=-180, max=180), msg="invalid longitude"),
    vol.Optional("elevation"): vol.All(vol.Coerce(int), vol.Range(*ELEVATIONS_M)),
}
_ENTRY_KEYS = ("entry_id", "entity_id", "device_id", "area_id", "floor_id", "label_id")


def _names_something(data: Any) -> Any:
    if isinstance(data, Mapping) and not any(key in data for key in _ENTRY_KEYS):
        raise vol.Invalid(f"must contain at least one of {', '.join(_ENTRY_KEYS)}.")
    return data


_RELOAD_ENTRY = vol.Schema(vol.All(_names_something, {**TARGET_FIELDS, vol.Optional("entry_id"): str}))
_ON_OFF_SCHEMA = vol.Schema(TARGET_FIELDS, extra=vol.ALLOW_EXTRA)


class _Services:
    """The handlers. They run in the caller's greenlet and may wait."""

    def __init__(self, home: Home) -> None:
        self._home = home

    # -- on and off --------------------------------------------------------------------------------------------------

    def turn(self, call: ServiceCall) -> None:
        """Pass `turn_on`, `turn_off` or `toggle` on to the domains of the targets, all at once."""
        services, states = self._home.services, self._home.states
        by_domain: dict[str, list[str]] = {}
        for entity_id in self._targets(call.data):
            domain = entity_id.partition(".")[0]
            known = entity_id in states
            if services.has(domain, call.service) or (known and states.owner(entity_id) is None):
                by_domain.setdefault(domain, []).append(entity_id)
            else:
                log.warning("this cannot be turned on or off", entity_id=entity_id, service=call.service)
        data = without_targets(call.data)

        def pass_on(domain: str, entity_ids: list[str]) -> None:
            services.call(domain, call.service, {**data, "entity_id": entity_ids}, context=call.context)

        if len(by_domain) == 1:
            pass_on(*by_domain.popitem())
            return

        def attempt(domain: str, entity_ids: list[str]) -> Exception | None:
            try:
                pass_on(domain, entity_ids)
            except Exception as exc:  # noqa: BLE001 - raised below: a greenlet that fails is printed, whoever waits for it
                return exc
            return None

        greenlets = [gevent.spawn(attempt, domain, ids) for domain, ids in by_domain.items()]
        gevent.joinall(greenlets)
        for greenlet in greenlets:
            if (problem := greenlet.get()) is not None:
                raise problem

    def _targets(self, data: Mapping[str, Any]) -> list[str]:
        home = self._home
        named = data.get("entity_id", [])
        if named == "all":
            return home.states.ids()
        found = dict.fromkeys([] if named == "none" else self._members(named))
        if names_indirectly(data):
            lists = (value if isinstance(value := data.get(key, []), list) else [] for key in INDIRECT_KEYS)
            found.update(dict.fromkeys(sorted(home.registries.expand(*lists))))
        return list(found)

    def _members(self, entity_ids: list[str], depth: int = 0) -> list[str]:
        found: list[str] = []
        for entity_id in entity_ids:
            state = self._home.states.find(entity_id) if entity_id.startswith("group.") else None
            members = state.attributes.get("entity_id") if state is not None else None
            if isinstance(members, (list, tuple)) and depth < _GROUP_DEPTH:
                found.extend(self._members([str(each) for each in members], depth + 1))
            else:
                found.append(entity_id)
        return found

    # -- the process -------------------------------------------------------------------------------------------------

    def stop(self, call: ServiceCall) -> None:
        """`stop` and `restart`: only where the configuration allows it; otherwise answered and ignored."""
        if not self._home.config.marge.allow_remote_stop:
            log.warning("stopping by a service is not allowed (marge.allow_remote_stop)", service=call.service)
            return
        run = self._home.shared.get("run")
        if run is None:
            raise HomeError(f"This server cannot {call.service} itself; what started it can")
        log.warning(f"{call.service} by a service", user_id=call.context.user_id)
        if call.service == "restart":
            run.restart()
        else:
            run.end()

    def check_config(self, _call: ServiceCall) -> None:
        """Read the files; what is wrong becomes a notification."""
        config = native.run(load_home, self._home.config.config_dir)
        check = self._home.shared.get("check_pieces")  # of the integrations: they know what stands in the sections
        problems = [*config.problems, *(check(config) if check is not None else ())]
        wrong = [str(problem) for problem in problems if problem.severity != "warning"]
        notifications = self._home.shared.get(NOTIFICATIONS)
        if notifications is None:
            return
        if wrong:
            text = "\n".join(wrong)
            notifications.create(text, "The configuration has errors", "homeassistant.check_config")
        else:
            notifications.dismiss("homeassistant.check_config")

    # -- reading again -----------------------------------------------------------------------------------------------

    def reload_core_config(self, _call: ServiceCall) -> None:
        log.warning("what stands below `homeassistant:` is read at the next start only")

    def set_location(self, call: ServiceCall) -> None:
        """Move the home."""
        core: CoreConfig = self._home.shared[CORE_CONFIG]
        core.update(dict(call.data))

    def reload_custom_templates(self, _call: ServiceCall) -> None:
        """Read the macros of `custom_templates/` again."""
        found = native.run(read_custom_templates, self._home.config.config_dir / "custom_templates")
        self._home.templates.load_custom_templates(found)

    def reload_config_entry(self, call: ServiceCall) -> None:
        """Set config entries up again: the named one, and those of the targets."""
        home = self._home
        wanted: dict[str, None] = {}
        if "entry_id" in call.data:
            wanted[call.data["entry_id"]] = None
        lists = (value if isinstance(value := call.data.get(key, []), list) else [] for key in INDIRECT_KEYS)
        named = call.data.get("entity_id", [])
        for entity_id in [*(named if isinstance(named, list) else []), *sorted(home.registries.expand(*lists))]:
            entry = home.registries.entities.get(entity_id)
            if entry is not None and entry.config_entry_id is not None:
                wanted[entry.config_entry_id] = None
        if not wanted:
            raise HomeError("There were no matching config entries to reload")
        host = home.shared.get("entry_host")
        for entry_id in wanted:
            if host is None or entry_id not in home.registries.config_entries:
                raise HomeError(entry_id)  # HA says no more
            host.reload(entry_id)

    def save_persistent_states(self, _call: ServiceCall) -> None:
        """Write down now what is written a moment later anyway."""
        self._home.registries.flush()

    def reload_all(self, call: ServiceCall) -> None:
        """Call every `<domain>.reload` there is. One that fails does not keep the others from theirs."""
        services = self._home.services
        try:
            read_again(self._home)
        except HomeError as exc:
            raise HomeError(
                f"Cannot quick reload all YAML configurations because the configuration is not valid: {exc}"
            ) from exc
        errors: list[str] = []
        for domain in services.domains():
            if not services.has(domain, "reload"):
                continue
            try:
                services.call(domain, "reload", {}, context=call.context)
            except (HomeError, vol.Invalid) as exc:
                log.warning("reload failed", domain=domain, error=str(exc))
                errors.append(f"{domain}: {exc}")
        if errors:
            raise HomeError("; ".join(errors))

    def update_entity(self, call: ServiceCall) -> None:
        """Entities here are told by their devices; there is nothing to poll, so this only names unknown ones."""
        missing = [each for each in call.data["entity_id"] if each not in self._home.states]
        if missing:
            log.warning("these entities do not exist", missing=missing)


def _setup(home: Home, _section: Any) -> None:
    home.shared[CORE_CONFIG] = CoreConfig(home)
    handlers = _Services(home)
    anything: dict[str, Any] = {"entity": [{}]}
    table: tuple[tuple[str, Any, Any, str, dict[str, Any] | None], ...] = (
        ("turn_on", handlers.turn, _ON_OFF_SCHEMA, "Turns on whatever can be turned on.", anything),
        ("turn_off", handlers.turn, _ON_OFF_SCHEMA, "Turns off whatever can be turned off.", anything),
        ("toggle", handlers.turn, _ON_OFF_SCHEMA, "Turns whatever can be turned to its other side.", anything),
        ("stop", handlers.stop, {}, "Stops the server, where the configuration allows it.", None),
        ("restart", handlers.stop, vol.Schema({}, extra=vol.ALLOW_EXTRA),
         "Restarts the server, where the configuration allows it.", None),
        ("check_config", handlers.check_config, {}, "Reads the files and shows what is wrong in them.", None),
        ("reload_core_config", handlers.reload_core_config, {}, "Answers; a change of the core needs a start.", None),
        ("set_location", handlers.set_location, _LOCATION, "Moves the home.", None),
        ("reload_custom_templates", handlers.reload_custom_templates, {}, "Reads the template macros again.", None),
        ("reload_config_entry", handlers.reload_config_entry, _RELOAD_ENTRY,
         "Sets config entries up again.", {"entity": [{}], "device": [{}]}),
        ("save_persistent_states", handlers.save_persistent_states, {}, "Saves what waits to be saved.", None),
        ("reload_all", handlers.reload_all, {}, "Reads all that can be read again without a restart.", None),
        ("update_entity", handlers.update_entity, {vol.Required("entity_id"): entity_ids},
         "Asks for the newest values of entities.", None),
    )  # fmt: skip
    for name, handler, schema, description, target in table:
        home.services.register(
            "homeassistant", name, handler, schema,
            description=description, fields=fields_of("homeassistant", name), target=target,
        )  # fmt: skip


DOMAIN = Domain("homeassistant", setup=_setup)
