"""MQTT's config entry: what is discovered belongs to it, and goes and comes with it."""

from __future__ import annotations

import json
import socket
import subprocess
import tempfile
from pathlib import Path

import pytest

from marge.bridges.base import find_kinds
from marge.bridges.broker.accounts import hashed
from marge.bridges.mqtt.messages import Publish
from marge.integrations.host import host_of
from tests.support.broker import free_port, mosquitto_path
from tests.support.home import home_server
from tests.support.waiting import until

BRIDGE = "/bridges/mqtt"


def _free_port():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


@pytest.fixture(scope="module")
def server():
    with home_server(bridges=("broker", "mqtt"), broker="auto", mqtt_port=_free_port()) as running:
        running.home.shared["bridge_kinds"] = {kind.name: kind.specs for kind in find_kinds()}
        yield running


def test_what_is_discovered_goes_and_comes_with_the_entry(server):
    """Disabled: no connection, no states. Enabled or reloaded: the retained announcements bring all back."""
    home = server.home
    until(lambda: (bridge := home.system.actor(BRIDGE)) is not None and bridge.status == "running")
    config = {"name": "S", "unique_id": "u1", "state_topic": "t/s", "device": {"identifiers": ["d1"], "name": "Dev"}}
    home.system.ask(BRIDGE, Publish("homeassistant/sensor/u1/config", json.dumps(config), 0, True, must=True))
    home.system.ask(BRIDGE, Publish("t/s", "5", 0, True, must=True))
    entity_id = until(lambda: home.registries.entities.by_unique_id("sensor", "mqtt", "u1")).entity_id
    entry = home.registries.config_entries.for_domain("mqtt")[0]
    assert home.registries.entities.get(entity_id).config_entry_id == entry.entry_id

    def value():
        state = home.states.get(entity_id)
        return None if state is None else state.state

    until(lambda: value() == "5")
    assert host_of(home).set_disabled(entry.entry_id, "user")
    until(lambda: value() is None)
    assert home.system.ref(BRIDGE) is None
    assert host_of(home).set_disabled(entry.entry_id, None)
    until(lambda: value() == "5")
    assert host_of(home).reload(entry.entry_id)
    until(lambda: value() == "5")


def test_there_is_one_entry(server):
    """A second one is refused; its diagnostics come as a file."""
    flow = server.rest("POST", "/api/config/config_entries/flow", {"handler": "mqtt"}).json()
    entry = server.home.registries.config_entries.for_domain("mqtt")[0]
    diagnostics = server.rest("GET", f"/api/diagnostics/config_entry/{entry.entry_id}")

    assert (flow["type"], flow["reason"]) == ("abort", "single_instance_allowed")
    assert "attachment" in diagnostics.headers["Content-Disposition"]
    assert diagnostics.json()["data"]["entry"]["domain"] == "mqtt"


def test_a_home_without_mqtt_has_no_entry():
    """`broker: none`."""
    with home_server(broker="none") as server:
        assert server.home.registries.config_entries.for_domain("mqtt") == []


# -- the forms -------------------------------------------------------------------------------------------------------

FLOW = "/api/config/config_entries/flow"
OPTIONS = "/api/config/config_entries/options/flow"


@pytest.fixture(scope="module")
def others():
    """Somebody else's broker, with a password."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    passwords = folder / "passwords"
    passwords.write_text(f"frida:{hashed('open')}\n")
    passwords.chmod(0o644)
    port = free_port()
    conf = folder / "mosquitto.conf"
    conf.write_text(f"listener {port} 127.0.0.1\nallow_anonymous false\npassword_file {passwords}\nlog_type error\n")
    process = subprocess.Popen([str(mosquitto_path()), "-c", str(conf)])
    until(lambda: _listens(port))
    yield port
    process.kill()
    process.wait()


def _listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.skipif(mosquitto_path() is None, reason="mosquitto is not installed")
def test_another_broker_is_set_up_in_the_frontend(server, others):
    """Reconfigure: wrong address, wrong password, right; then Marge's own broker has gone and the other one is used."""
    home = server.home
    entry = home.registries.config_entries.for_domain("mqtt")[0]
    assert entry.as_dict()["supports_reconfigure"] and entry.as_dict()["supports_options"]
    begin = {"handler": "mqtt", "entry_id": entry.entry_id, "show_advanced_options": True}
    form = server.rest("POST", FLOW, begin).json()
    assert (form["step_id"], form["errors"]) == ("reconfigure", {})
    names = [each["name"] for each in form["data_schema"]]
    assert names == ["broker", "port", "username", "password", "advanced_options"]
    address = f"{FLOW}/{form['flow_id']}"
    for values, errors in (
        ({"broker": "127.0.0.1", "port": _free_port()}, {"base": "cannot_connect"}),
        ({"broker": "127.0.0.1", "port": others, "username": "frida", "password": "x"}, {"base": "invalid_auth"}),
        ({"broker": "no such host", "port": others}, {"broker": "invalid_broker"}),
        ({"broker": "localhost", "port": home.config.marge.mqtt_port}, {"base": "own_broker"}),
    ):
        answer = server.rest("POST", address, values).json()
        assert (answer["type"], answer["errors"]) == ("form", errors)
    answer = server.rest(
        "POST", address, {"broker": "127.0.0.1", "port": others, "username": "frida", "password": "open"}
    ).json()
    assert (answer["type"], answer["reason"]) == ("abort", "reconfigure_successful")
    until(lambda: (bridge := home.system.actor(BRIDGE)) is not None and bridge.status == "running")
    assert home.system.actor(BRIDGE).endpoint.port == others
    assert home.system.ref("/bridges/broker") is None
    entry = home.registries.config_entries.for_domain("mqtt")[0]
    assert entry.data == {"broker": "127.0.0.1", "port": others, "username": "frida", "password": "open"}
    assert "open" not in json.dumps(entry.as_dict())

    form = server.rest("POST", FLOW, begin).json()
    shown = {each["name"]: each for each in form["data_schema"]}
    assert "open" not in json.dumps(form["data_schema"])
    form = server.rest(
        "POST", f"{FLOW}/{form['flow_id']}",
        {"broker": "127.0.0.1", "port": others, "username": "frida",
         "password": shown["password"]["description"]["suggested_value"], "advanced_options": True},
    ).json()  # fmt: skip
    assert {"protocol", "transport", "certificate", "client_cert", "tls_insecure"} <= {
        each["name"] for each in form["data_schema"]
    }
    answer = server.rest(
        "POST", f"{FLOW}/{form['flow_id']}",
        {"broker": "127.0.0.1", "port": others, "username": "frida",
         "password": shown["password"]["description"]["suggested_value"], "protocol": "5", "keepalive": 20},
    ).json()  # fmt: skip
    assert answer["reason"] == "reconfigure_successful", answer
    until(lambda: (bridge := home.system.actor(BRIDGE)) is not None and bridge.status == "running")
    assert home.system.actor(BRIDGE).endpoint.protocol == "5"
    assert home.registries.config_entries.for_domain("mqtt")[0].data["password"] == "open"


def test_the_options_are_what_is_said_and_where_devices_announce_themselves(server):
    """The recorded form; a wrong topic is refused; what was chosen counts after the reload."""
    home = server.home
    entry = home.registries.config_entries.for_domain("mqtt")[0]
    form = server.rest("POST", OPTIONS, {"handler": entry.entry_id}).json()
    assert (form["step_id"], form["last_step"], form["errors"]) == ("options", True, {})
    by_name = {each["name"]: each for each in form["data_schema"]}
    assert by_name["birth_topic"]["description"] == {"suggested_value": "homeassistant/status"}
    assert by_name["will_payload"]["description"] == {"suggested_value": "offline"}
    assert by_name["birth_qos"]["selector"] == {"number": {"mode": "box", "min": 0.0, "max": 2.0, "step": 1.0}}
    address = f"{OPTIONS}/{form['flow_id']}"
    wrong = server.rest("POST", address, {"birth_topic": "a/#", "birth_enable": True}).json()
    assert wrong["errors"] == {"base": "bad_birth"}
    done = server.rest(
        "POST", address, {"discovery_prefix": "ha", "birth_topic": "ha/status", "birth_payload": "hello",
                          "birth_qos": 1, "birth_retain": True, "will_enable": False},
    ).json()  # fmt: skip
    assert done["type"] == "create_entry", done
    options = home.registries.config_entries.for_domain("mqtt")[0].options
    assert options["birth_message"] == {"topic": "ha/status", "payload": "hello", "qos": 1, "retain": True}
    assert options["will_message"] == {}
    until(lambda: (bridge := home.system.actor(BRIDGE)) is not None and bridge.status == "running")
    seen = []
    home.shared["mqtt_topics"].follow("ha/status", lambda message: seen.append(message.text))
    until(lambda: seen == ["hello"])
    assert home.system.actor(BRIDGE).discovery.prefix == "ha"


def test_what_the_files_say_is_not_changed_by_a_form(server):
    """They would say it again at the next start."""
    with home_server(broker="external", broker_host="192.0.2.1") as other:
        entry = other.home.registries.config_entries.for_domain("mqtt")[0]
        flow = other.rest("POST", FLOW, {"handler": "mqtt", "entry_id": entry.entry_id}).json()
        assert (flow["type"], flow["reason"]) == ("abort", "set_up_in_files")


def test_a_first_entry_is_asked_for_as_recorded():
    """The form of a home whose entry was deleted; nothing is stored for a broker that is not there."""
    with home_server(broker="auto") as other:
        for entry in other.home.registries.config_entries.for_domain("mqtt"):
            host_of(other.home).remove(entry.entry_id)
        form = other.rest("POST", FLOW, {"handler": "mqtt", "show_advanced_options": False}).json()
        assert form["step_id"] == "broker"
        assert form["data_schema"] == [
            {"selector": {"text": {"type": "text", "multiple": False, "multiline": False}}, "name": "broker",
             "required": True, "default": None},
            {"selector": {"number": {"mode": "box", "min": 1.0, "max": 65535.0, "step": 1.0}}, "type": "integer",
             "name": "port", "required": True, "default": 1883},
            {"selector": {"text": {"type": "text", "multiple": False, "multiline": False}}, "name": "username",
             "description": {"suggested_value": None}, "optional": True},
            {"selector": {"text": {"type": "password", "multiple": False, "multiline": False}}, "name": "password",
             "description": {"suggested_value": None}, "optional": True},
        ]  # fmt: skip
        answer = other.rest("POST", f"{FLOW}/{form['flow_id']}", {"broker": "127.0.0.1", "port": _free_port()}).json()
        assert answer["errors"] == {"base": "cannot_connect"}
        assert other.home.registries.config_entries.for_domain("mqtt") == []
