"""Config entries and their flows, manifests, diagnostics, repairs, the log, the machine."""

from __future__ import annotations

from collections.abc import Callable

from marge.integrations.flow import flows_of
from marge.integrations.host import host_of
from marge.registries import ConfigEntry
from tests.conformance.area import Area, Stimulus
from tests.support.home import HomeServer

_G2 = "01M7WZYT8XD8YRVKVYWCQ8N2P4"
_FAMILY = "01M7WYXEB4TPCFM6VAYDH3BKAM"


def _entry(entry_id: str, domain: str, title: str, **options: object) -> Callable[[HomeServer], None]:
    """An entry that the recorded home had by then, under its recorded id."""

    def make(server: HomeServer) -> None:
        entries = server.home.registries.config_entries
        if entry_id not in entries:
            entries._put(ConfigEntry(entry_id, domain, title, "user", {}, dict(options)))
            host_of(server.home).setup(entry_id)

    return make


def _flow(flow_id: str, handler: str, step: str) -> Callable[[HomeServer], None]:
    """A flow that was begun without being recorded, under its recorded id."""

    def begin(server: HomeServer) -> None:
        flows = flows_of(server.home).config
        flow_class = host_of(server.home).integrations[handler].flow
        assert flow_class is not None
        flow = flow_class(server.home, handler, None, False)
        flow.flow_id = flow_id
        flows.begin(flow)
        flows.configure(flow_id, {"next_step_id": step})

    return begin


def _family(server: HomeServer) -> None:
    _entry(_FAMILY, "local_calendar", "Family")(server)
    entries = server.home.registries.config_entries
    entries.update(_FAMILY, data={"calendar_name": "Family", "storage_key": "family", "import": "create_empty"})
    host_of(server.home).reload(_FAMILY)


def _g2(server: HomeServer) -> None:
    make = _entry(
        _G2, "group", "G2 light", group_type="light", name="G2 light", entities=["light.bed_light"], hide_members=False
    )
    make(server)
    server.rest("POST", "/api/services/light/turn_off", {"entity_id": "light.bed_light"})
    server.rest("POST", "/api/services/light/turn_on", {"entity_id": "light.ceiling_lights"})


def _reload_demo(server: HomeServer) -> None:
    entry = server.home.registries.config_entries.for_domain("demo")[0]
    assert server.rest("POST", f"/api/config/config_entries/entry/{entry.entry_id}/reload").status_code == 200


def _failed_backup(server: HomeServer) -> None:
    server.home.registries.issues.raise_issue(
        "backup", "automatic_backup_failed", translation_key="automatic_backup_failed_create",
        learn_more_url="homeassistant://config/backup",
    )


_MACHINE = "what the machine is"
_LOADED = "what is installed"
_CREDITS = "who looks after HA's integrations and what those need"

AREA = Area(
    rest_otherwise={
        "options flow start unknown entry": (404, "HA fails; an entry that does not exist is not found"),
    },
    ws_otherwise={
        "diagnostics/get (2)": ("not_found", "backups have no diagnostics here"),
    },
    instance={
        "config_entries list": _LOADED,
        "config_entries list: non-admin user": _LOADED,
        "flow_handlers": _LOADED,
        "flow_handlers ?type=helper": _LOADED,
        "config_entries/get": _LOADED,
        "config_entries/get type_filter": _LOADED,
        "config_entries/get type_filter list (as the frontend)": _LOADED,
        "config_entries/subscribe (initial list, then changes)": _LOADED,
        "manifest/list subset": _CREDITS,
        "manifest/list (all)": _LOADED,
        "manifest/get": _CREDITS,
        "integration/descriptions": _LOADED,
        "integration/setup_info": _LOADED,
        "system_log/list": "what has gone wrong",
        "logger/log_info": _LOADED,
        "system_health/info (result null, then initial / update / finish events)": _MACHINE,
        "network": _MACHINE,
        "diagnostics/list": _LOADED,
        "application_credentials/config": _LOADED,
    },
    facts={
        "flow menu choose": frozenset(("options",)),  # the units are a set, in any order
        "network/url": frozenset(("internal",)),
    },
    before={
        "options flow start (group light)": _g2,
        "config_entries/get": _entry(
            "01M7WYX9NVEWB6QP3DK1EB60DE", "template", "T sensor", template_type="sensor", name="T sensor",
            state="{{ 1 }}",
        ),
        "config_entries/disable": _family,
        "repairs/list_issues (2)": _failed_backup,
        "repairs/get_issue_data": _failed_backup,
        "template/start_preview": _flow("01M7WZSM6SD04J75N69FY4D7KB", "template", "sensor"),
        "group/start_preview": _flow("01M7WZSN6KB4AC9CD19Z25DVPF", "group", "light"),
    },
    stimuli={
        "config_entries/subscribe (initial list, then changes)": Stimulus(_reload_demo, 2),
    },
)  # fmt: skip
