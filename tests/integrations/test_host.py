"""Config entries while the home runs: set-up that fails, reload, disable, remove; and across a restart."""

from __future__ import annotations

import dataclasses
from types import SimpleNamespace
from typing import Any

import pytest

from marge.config import load_home
from marge.domains.sensor import SensorEntity
from marge.errors import Unavailable
from marge.integrations import host as host_module
from marge.integrations.base import Integration, NotReady
from marge.integrations.host import add_entity, host_of, on_unload
from tests.support.home import QuietHome
from tests.support.waiting import until


class Device:
    """What the test's integration talks to."""

    def __init__(self) -> None:
        self.error: Exception | None = None
        self.ended = 0

    def setup(self, home, entry):
        if self.error is not None:
            raise self.error
        sensor = SensorEntity()
        sensor.name, sensor.native_value = "Probe", 7
        device = home.registries.devices.get_or_create(
            identifiers=[("probe", entry.entry_id)], config_entry_id=entry.entry_id, name="Probe"
        )
        add_entity(home, entry, sensor, "probe", device_id=device.id)
        on_unload(home, entry, self._end)

    def _end(self):
        self.ended += 1


@pytest.fixture
def device(server):
    device = Device()
    host = host_of(server.home)
    host.integrations["probe"] = Integration("probe", "Probe", device.setup)
    yield device
    for entry in server.home.registries.config_entries.for_domain("probe"):
        host.remove(entry.entry_id)
    del host.integrations["probe"]


@pytest.fixture
def entry(server, device):
    made = server.home.registries.config_entries.create("probe", "Probe", "user")
    return host_of(server.home).setup(made.entry_id)


def test_an_entry_owns_what_it_made(server, flows, entry):
    """Loaded, its entity stands in the registry with it; removed, nothing is left."""
    home = server.home
    assert entry.state == "loaded"
    assert home.registries.entities.for_config_entry(entry.entry_id)[0].entity_id == "sensor.probe"

    flows.remove(entry.entry_id)

    assert flows.state("sensor.probe") == {"message": "Entity not found."}
    assert home.registries.entities.get("sensor.probe") is None
    assert home.registries.devices.find(identifiers=[("probe", entry.entry_id)]) is None
    assert entry.entry_id not in home.registries.config_entries


def test_an_unloaded_entry_leaves_placeholders(server, flows, entry, device):
    """Unavailable and `restored`, until it is set up again."""
    host = host_of(server.home)

    assert host.unload(entry.entry_id).state == "not_loaded"
    shown = flows.state("sensor.probe")
    assert (shown["state"], shown["attributes"]["restored"]) == ("unavailable", True)
    assert device.ended == 1
    host.setup(entry.entry_id)
    assert flows.state("sensor.probe")["state"] == "7"


def test_a_disabled_entry_has_no_states(server, flows, entry):
    """Its devices and entities are disabled with it, and enabled with it."""
    with server.websocket() as client:
        subscription = client.command("config_entries/subscribe", type_filter=["hub"])["id"]
        assert client.event(subscription)[0]["type"] is None
        done = client.command("config_entries/disable", entry_id=entry.entry_id, disabled_by="user")
        assert done["result"] == {"require_restart": False}
        assert client.event(subscription)[0]["entry"]["state"] == "unload_in_progress"
        registered = server.home.registries.entities.get("sensor.probe")
        assert registered.disabled_by == "config_entry"
        until(lambda: flows.state("sensor.probe") == {"message": "Entity not found."})
        reload = server.rest("POST", f"/api/config/config_entries/entry/{entry.entry_id}/reload")
        assert reload.json() == {"require_restart": False}
        assert client.command("config_entries/disable", entry_id=entry.entry_id, disabled_by=None)["success"]
    until(lambda: flows.state("sensor.probe").get("state") == "7")
    assert server.home.registries.entities.get("sensor.probe").disabled_by is None


def test_an_entry_that_is_not_ready_is_tried_again(server, device, monkeypatch):
    """With the reason in sight."""
    monkeypatch.setattr(host_module, "RETRY_PAUSES_S", (0.05,))
    device.error = NotReady("nobody answers")
    entries = server.home.registries.config_entries
    made = entries.create("probe", "Probe", "user")

    entry = host_of(server.home).setup(made.entry_id)

    assert (entry.state, entry.reason) == ("setup_retry", "nobody answers")
    device.error = None
    until(lambda: entries.get(made.entry_id).state == "loaded")


def test_an_entry_that_fails_says_so(server, device):
    """`setup_error`; the others go on."""
    device.error = RuntimeError("broken")
    made = server.home.registries.config_entries.create("probe", "Probe", "user")

    assert host_of(server.home).setup(made.entry_id).state == "setup_error"
    device.error = None
    assert host_of(server.home).reload(made.entry_id)
    assert server.home.registries.config_entries.get(made.entry_id).state == "loaded"


def test_entries_are_renamed_and_found_again(server, entry):
    """By an administrator; the reply is the entry."""
    with server.websocket() as client:
        done = client.command("config_entries/update", entry_id=entry.entry_id, title="New")["result"]
        assert (done["config_entry"]["title"], done["require_restart"]) == ("New", False)
        assert client.command("config_entries/get_single", entry_id="nope")["error"]["code"] == "not_found"
        assert client.command("config_entries/subentries/list", entry_id=entry.entry_id)["result"] == []
    with server.websocket(server.user_token) as client:
        refused = client.command("config_entries/update", entry_id=entry.entry_id, title="x")
        assert refused["error"]["code"] == "unauthorized"


def _shows(home, entity_id, value):
    until(lambda: (state := home.states.get(entity_id)) is not None and state.state == value)


def test_entries_are_there_after_a_restart(tmp_path):
    """With their options, and set up before anybody asks."""
    (tmp_path / "configuration.yaml").write_text("homeassistant: {name: T}\n", "utf-8")
    config = load_home(tmp_path, {})
    config = dataclasses.replace(config, marge=dataclasses.replace(config.marge, http_host="127.0.0.1", http_port=0))
    for run in range(2):
        running = QuietHome(config)
        try:
            running.start()
            home = running.home
            if run == 0:
                made = home.registries.config_entries.create(
                    "template", "Kept", "user",
                    options={"template_type": "sensor", "name": "Kept", "state": "{{ 6 * 7 }}"},
                )
                host_of(home).setup(made.entry_id)
            _shows(home, "sensor.kept", "42")
            assert home.registries.config_entries.for_domain("template")[0].state == "loaded"
        finally:
            running.stop()


def test_a_home_that_still_starts_says_so():
    """Who asks too early may ask again; it is no fault of the server."""
    starting: Any = SimpleNamespace(shared={})
    with pytest.raises(Unavailable, match="try again"):
        host_of(starting)
