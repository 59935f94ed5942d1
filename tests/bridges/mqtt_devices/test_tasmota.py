"""Tasmota at work: simulated devices on a real broker, and a home that has entities of them."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import orjson
import pytest

from marge.bridges.mqtt_devices.tasmota import registry
from marge.bridges.mqtt_devices.tasmota.bridge import TasmotaBridge
from marge.util.breathe import let_others_in
from tests.bridges.mqtt_devices.fleet import Address, add_entry, described, fleet, unique_ids
from tests.bridges.mqtt_devices.zigbee import Client, becomes, home_on, state
from tests.support.broker import start_broker, stop_broker
from tests.support.home import HomeServer
from tests.support.waiting import until

PLUG, SENSOR, DIMMER, LAMP, SPOT, DOUBLE, BLIND, FAN = (f"5CCF7F00000{number}" for number in range(8))
BASE = "/api/integrations/tasmota"
SERVICE = "/api/services"


@pytest.fixture(scope="module")
def simulator(broker: Address) -> Iterator[subprocess.Popen[bytes]]:
    with fleet(broker, "tasmota") as process:
        yield process


@pytest.fixture(scope="module")
def home(broker: Address, simulator: subprocess.Popen[bytes]) -> Iterator[HomeServer]:
    with home_on(broker) as server:
        until(lambda: _flows(server) == [("tasmota", "mqtt", "confirm")], what="the offered flow")
        assert unique_ids(server, "tasmota") == {}
        add_entry(server, "tasmota")
        until(lambda: f"{FAN}_fan_fan_ifan" in unique_ids(server, "tasmota"), what="the last device")
        becomes(server, "switch.plug_0", "off")
        becomes(server, "fan.fan_7", "off")
        yield server


def _flows(server: HomeServer) -> list[tuple[str, str, str]]:
    with server.websocket() as ws:
        found = ws.command("config_entries/flow/progress")["result"]
    return [(each["handler"], each["context"]["source"], each["step_id"]) for each in found]


def _sent(client: Client, topic: str) -> list[str]:
    return [payload.decode() for name, payload in client.heard if name == topic]


def call(server: HomeServer, service: str, **data: object) -> None:
    answer = server.rest("POST", f"{SERVICE}/{service.replace('.', '/')}", data)
    assert answer.status_code == 200, answer.text


def _figures(server: HomeServer) -> dict[str, object]:
    actor = server.home.system.actor("/bridges/tasmota")
    return {} if actor is None else actor.describe()


def test_the_offer_is_gone_once_it_is_taken(home: HomeServer) -> None:
    """A second entry is refused."""
    answer = home.rest("POST", "/api/config/config_entries/flow", {"handler": "tasmota"}).json()

    assert (answer["type"], answer["reason"]) == ("abort", "single_instance_allowed")


def test_entities_have_the_ids_that_users_know(home: HomeServer) -> None:
    """Unique ids, entity ids, devices as of Home Assistant's integration."""
    found = unique_ids(home, "tasmota")

    assert found[f"{PLUG}_switch_relay_0"] == "switch.plug_0"
    assert found[f"{PLUG}_sensor_sensor_ENERGY_Power"] == "sensor.plug_0_energy_power"
    assert found[f"{PLUG}_status_sensor_status_sensor_status_ssid"] == "sensor.plug_0_ssid"
    assert found[f"{DOUBLE}_switch_relay_1"] == "switch.double_5_double_5_2"
    assert found[f"{DOUBLE}_binary_sensor_switch_0"] == "binary_sensor.double_5_binary_sensor_1"
    assert found[f"{BLIND}_cover_shutter_0"] == "cover.blind_6_cover_1"
    assert found[f"{LAMP}_light_light_0"] == "light.lamp_3"
    device = home.home.registries.devices.find((), [("mac", PLUG)])
    assert device is not None
    assert (device.name, device.manufacturer, device.model) == ("Plug 0", "Tasmota", "Sonoff POW R2")
    assert device.configuration_url == "http://192.0.2.1/"
    entry = home.home.registries.entities.get("sensor.plug_0_rssi")
    assert entry is not None
    assert (entry.disabled_by, entry.entity_category) == ("integration", "diagnostic")
    assert state(home, "sensor.plug_0_rssi") is None


def test_a_plug_is_switched_and_measures(home: HomeServer, client: Client) -> None:
    """Exactly the command; RESULT, STATE and SENSOR are read."""
    client.heard.clear()
    call(home, "switch.turn_on", entity_id="switch.plug_0")
    becomes(home, "switch.plug_0", "on")
    call(home, "switch.turn_off", entity_id="switch.plug_0")
    becomes(home, "switch.plug_0", "off")
    until(lambda: _sent(client, "cmnd/tasmota_000000/Power1") == ["ON", "OFF"])
    client.send("tele/tasmota_000000/SENSOR", {"Time": "x", "ENERGY": {"Power": 99, "Total": 3.25, "Factor": 0.5}})
    becomes(home, "sensor.plug_0_energy_power", "99")
    becomes(home, "sensor.plug_0_energy_total", "3.25")
    shown = home.state("sensor.plug_0_energy_total").attributes
    assert (shown["unit_of_measurement"], shown["device_class"], shown["state_class"]) == ("kWh", "energy", "total")
    client.send("stat/tasmota_000000/STATUS10", {"StatusSNS": {"ENERGY": {"Power": 98}}})
    becomes(home, "sensor.plug_0_energy_power", "98")
    client.send("stat/tasmota_000000/STATUS11", {"StatusSTS": {"POWER": "ON", "MqttCount": 7}})
    becomes(home, "switch.plug_0", "on")
    becomes(home, "sensor.plug_0_mqtt_connect_count", "7")
    becomes(home, "sensor.plug_0_restart_reason", "Power On")


def test_lights_get_one_backlog(home: HomeServer, client: Client) -> None:
    """Level, colour, white tones, effects, fading."""
    topic = "cmnd/tasmota_000003/Backlog"
    client.send("tele/tasmota_000003/STATE", {
        "POWER": "ON", "Dimmer": 50, "HSBColor": "120,40,50", "White": 0, "CT": 300, "Scheme": 0,
    })  # fmt: skip
    until(lambda: home.state("light.lamp_3").attributes.get("hs_color") == (120, 40))
    assert home.state("light.lamp_3").attributes["effect"] == "Solid"
    client.heard.clear()
    call(home, "light.turn_on", entity_id="light.lamp_3", hs_color=[30, 50], transition=5)
    call(home, "light.turn_on", entity_id="light.lamp_3", brightness=77)
    call(home, "light.turn_on", entity_id="light.lamp_3", color_temp_kelvin=3000)
    call(home, "light.turn_on", entity_id="light.lamp_3", effect="Random")
    call(home, "light.turn_off", entity_id="light.lamp_3")
    until(lambda: len(_sent(client, topic)) == 5)
    assert _sent(client, topic)[1:] == [
        "NoDelay;Dimmer 30",
        "NoDelay;Power1 ON;NoDelay;CT 333",
        "NoDelay;Power1 ON;NoDelay;Scheme 4",
        "NoDelay;Power1 OFF",
    ]
    assert _sent(client, topic)[0] == (
        "NoDelay;Fade2 1;NoDelay;Speed2 40;NoDelay;Power1 ON;NoDelay;HsbColor1 30;NoDelay;HsbColor2 50"
    )
    becomes(home, "light.lamp_3", "off")


def test_fans_and_shutters(home: HomeServer, client: Client) -> None:
    """Three speeds; positions."""
    client.heard.clear()
    call(home, "fan.set_percentage", entity_id="fan.fan_7", percentage=50)
    until(lambda: home.state("fan.fan_7").attributes["percentage"] == 66)
    call(home, "fan.turn_off", entity_id="fan.fan_7")
    becomes(home, "fan.fan_7", "off")
    call(home, "fan.turn_on", entity_id="fan.fan_7")
    until(lambda: _sent(client, "cmnd/tasmota_000007/FanSpeed") == ["2", "0", "2"])
    call(home, "cover.set_cover_position", entity_id="cover.blind_6_cover_1", position=30)
    until(lambda: home.state("cover.blind_6_cover_1").attributes.get("current_position") == 30)
    call(home, "cover.close_cover", entity_id="cover.blind_6_cover_1")
    becomes(home, "cover.blind_6_cover_1", "closed")
    until(lambda: _sent(client, "cmnd/tasmota_000006/ShutterPosition1") == ["30"])
    until(lambda: _sent(client, "cmnd/tasmota_000006/ShutterClose1") == [""])


def test_buttons_are_device_triggers_and_events(home: HomeServer, client: Client) -> None:
    """Those that are detached from the relays."""
    device = home.home.registries.devices.find((), [("mac", DOUBLE)])
    assert device is not None
    with home.websocket() as ws:
        found = ws.command("device_automation/trigger/list", device_id=device.id)["result"]
        ours = [each for each in found if each["domain"] == "tasmota"]
        assert {(each["type"], each["subtype"]) for each in ours} >= {
            ("button_short_press", "button_1"), ("button_long_press", "button_2"), ("button_short_press", "switch_2"),
        }  # fmt: skip
        assert ours[0]["discovery_id"] == f"{DOUBLE}_button_1_SINGLE"
        pressed: list[object] = []
        offers = home.home.shared["device_triggers"]["tasmota"]
        end = offers.attach(
            {"device_id": device.id, "type": "button_double_press", "subtype": "button_2"},
            lambda data, context: pressed.append(data["event"]),
        )
        events = ws.command("subscribe_events", event_type="tasmota_event")["id"]
        client.send("tasmota-simulator/tasmota_000005", {"Button2": "DOUBLE"})
        assert ws.event(events)["data"] == {"mac": DOUBLE, "source": "button_2", "event": "DOUBLE"}
        assert pressed == ["DOUBLE"]
        end()
    client.send("stat/tasmota_000005/RESULT", {"Switch1": {"Action": "ON"}})
    becomes(home, "binary_sensor.double_5_binary_sensor_1", "on")


def test_a_device_that_goes_is_unavailable(home: HomeServer, client: Client) -> None:
    """And asked how it is when it comes back."""
    client.send("tasmota-simulator/tasmota_000001", {"online": False})
    becomes(home, "switch.sensor_1", "unavailable")
    becomes(home, "sensor.sensor_1_am2301_temperature", "unavailable")
    client.heard.clear()
    client.send("tasmota-simulator/tasmota_000001", {"online": True})
    becomes(home, "switch.sensor_1", "off")
    until(lambda: _sent(client, "cmnd/tasmota_000001/STATUS")[:3] == ["1", "10", "11"])


@pytest.mark.parametrize(
    ("before", "meanwhile", "shown"), [("Online", "Offline", "unavailable"), ("", "Online", "off")]
)
def test_who_comes_or_goes_while_entities_are_made_is_not_missed(
    home: HomeServer, client: Client, monkeypatch: pytest.MonkeyPatch, before: str, meanwhile: str, shown: str
) -> None:
    """Making them lets others in; what a device says of itself then holds for those that are there already, too."""
    bridge = home.home.system.actor("/bridges/tasmota")
    assert isinstance(bridge, TasmotaBridge)
    config = {"mac": "0000000000EE", "dn": "Row", "t": "row", "tp": ["cmnd", "stat", "tele"], "rl": [1] * 6}
    pauses: list[int] = []

    def said() -> bool:
        known = bridge._known["0000000000EE"]
        return known.online == (meanwhile == "Online")

    def pause() -> None:
        let_others_in()
        if not pauses and "0000000000EE" in bridge._known:
            pauses.append(1)
            client.send("tele/row/LWT", meanwhile, retain=True)
            until(said, what="the word of the device")

    try:
        if before:
            client.send("tele/row/LWT", before, retain=True)
            until(lambda: bridge._book.find("row"), what="the word before")
        monkeypatch.setattr(registry, "let_others_in", pause)
        client.send("tasmota/discovery/0000000000EE/config", config, retain=True)
        until(lambda: "0000000000EE_switch_relay_5" in unique_ids(home, "tasmota"), what="the last relay")
        client.send("tele/row/STATE", {f"POWER{number}": "OFF" for number in range(1, 7)})
        made = unique_ids(home, "tasmota")
        for relay in range(6):
            becomes(home, made[f"0000000000EE_switch_relay_{relay}"], shown)
        assert pauses
    finally:
        client.send("tasmota/discovery/0000000000EE/config", b"", retain=True)
        client.send("tele/row/LWT", b"", retain=True)
        until(lambda: not any(each.startswith("0000000000EE") for each in unique_ids(home, "tasmota")))


def test_commands_and_answers(home: HomeServer, client: Client) -> None:
    """Over REST and as services; what is malformed is refused with the reason; administrators only."""
    client.heard.clear()
    body = {"device": "tasmota_000000", "command": "TelePeriod", "payload": 10}
    answer = home.rest("POST", f"{BASE}/command", body)
    assert answer.json() == {"result": "ok", "answer": {"TelePeriod": 10}}
    answer = home.rest("POST", f"{BASE}/backlog", {"device": PLUG, "commands": ["Power1 ON", "TelePeriod 60"]})
    assert answer.json() == {"result": "ok"}
    until(lambda: _sent(client, "cmnd/tasmota_000000/Backlog") == ["Power1 ON;TelePeriod 60"])
    for path, wrong in (
        ("command", {"device": "tasmota_000000"}), ("command", {"device": "tasmota_000000", "command": "a/b"}),
        ("command", {"device": 5, "command": "Power"}), ("backlog", {"device": PLUG, "commands": ["a;b"]}),
        ("backlog", {"device": PLUG, "commands": []}), ("command", []),
    ):  # fmt: skip
        assert home.rest("POST", f"{BASE}/{path}", wrong).status_code == 400, wrong
    assert home.rest("POST", f"{BASE}/command", {**body, "device": "nobody"}).status_code == 404
    assert home.rest("POST", f"{BASE}/command", body, token=home.user_token).status_code in (401, 403)
    call(home, "tasmota.command", topic="tasmota_000000", command="Power", payload="OFF")
    becomes(home, "switch.plug_0", "off")
    call(home, "tasmota.backlog", entity_id="light.lamp_3", commands=["Dimmer 10"])
    until(lambda: home.state("light.lamp_3").attributes.get("brightness") == 26)
    refused = home.rest(
        "POST", f"{SERVICE}/tasmota/command", {"topic": "tasmota_000000", "command": "Power"}, token=home.user_token
    )
    assert refused.status_code == 401
    assert home.rest("GET", f"{BASE}/tasmota_000000").json()["announced"]["model"] == "Sonoff POW R2"


def test_nonsense_does_no_harm(home: HomeServer, client: Client) -> None:
    """Broken announcements and messages are dropped; others go on."""
    for payload in (b"\xff", b"{", b"[]", b"5", b'{"mac": 5}', b'{"mac":"00000000DEAD","t":"x/#","tp":["a","b","c"]}'):
        client.send("tasmota/discovery/00000000DEAD/config", payload)
        client.send("tasmota/discovery/nonsense/config", payload)
        client.send(f"tasmota/discovery/{FAN}/sensors", payload)
        for what in ("STATE", "SENSOR", "LWT"):
            client.send(f"tele/tasmota_000000/{what}", payload)
        for what in ("RESULT", "STATUS10", "STATUS11"):
            client.send(f"stat/tasmota_000000/{what}", payload)
    client.send("stat/tasmota_000000/RESULT", {"POWER": {"a": 1}, "Dimmer": "x", "Button1": 5})
    client.send("tele/tasmota_000003/STATE", {"HSBColor": "a,b,c", "CT": "warm", "White": [], "Scheme": 99})
    client.send("stat/tasmota_000000/RESULT", {"POWER": "ON"})
    becomes(home, "switch.plug_0", "on")
    assert described(home, "/bridges/tasmota")["status"] == "running"
    until(lambda: "00000000DEAD" in described(home, "/bridges/tasmota")["left_out"])


def test_a_second_device_with_the_same_topic_is_left_out(home: HomeServer, client: Client) -> None:
    """Nobody could tell them apart."""
    config = {"mac": "0000000000AA", "t": "tasmota_000000", "tp": ["cmnd", "stat", "tele"], "rl": [1], "dn": "Twin"}
    client.send("tasmota/discovery/0000000000AA/config", config, retain=True)
    until(lambda: "0000000000AA" in described(home, "/bridges/tasmota")["left_out"])
    assert "0000000000AA_switch_relay_0" not in unique_ids(home, "tasmota")
    issue = home.home.registries.issues.find("tasmota", "topic_duplicated_0000000000aa")
    assert issue is not None and issue.translation_key == "topic_duplicated"
    client.send("tasmota/discovery/0000000000AA/config", b"", retain=True)
    until(lambda: home.home.registries.issues.find("tasmota", "topic_duplicated_0000000000aa") is None)


def test_topics_and_words_may_be_unusual(home: HomeServer, client: Client) -> None:
    """`FullTopic`, prefixes, words for on and off, names of switches."""
    config = {
        "mac": "0000000000BB", "dn": "Odd", "fn": ["Odd"], "t": "odd", "ft": "home/%topic%/%prefix%",
        "tp": ["c", "s", "t"], "rl": [1], "onln": "up", "ofln": "down", "state": ["aus", "an", "um", "halt"],
        "swc": [1], "swn": ["Door"], "so": {"4": 1},
    }  # fmt: skip
    client.send("tasmota/discovery/0000000000BB/config", config, retain=True)
    becomes(home, "switch.odd", "unavailable")
    client.send("home/odd/t/LWT", "up", retain=True)
    becomes(home, "switch.odd", "off")
    client.send("home/odd/s/POWER", {"POWER": "an"})
    becomes(home, "switch.odd", "on")
    client.send("home/odd/t/SENSOR", {"Door": "an"})
    becomes(home, "binary_sensor.odd_door", "on")
    client.heard.clear()
    call(home, "switch.turn_off", entity_id="switch.odd")
    until(lambda: _sent(client, "home/odd/c/Power1") == ["aus"])
    client.send("tasmota/discovery/0000000000BB/config", {**config, "rl": [0], "dn": "Even"}, retain=True)
    becomes(home, "switch.odd", None)
    assert state(home, "binary_sensor.odd_door") == "on"
    client.send("tasmota/discovery/0000000000BB/config", b"", retain=True)
    becomes(home, "binary_sensor.odd_door", None)
    assert home.home.registries.devices.find((), [("mac", "0000000000BB")]) is None


def test_both_discoveries_give_one_set_of_entities(home: HomeServer, client: Client) -> None:
    """Home Assistant's (SetOption19) holds while it is there."""
    config = {
        "mac": "0000000CC0CC", "dn": "Both", "fn": ["Both"], "t": "both", "tp": ["cmnd", "stat", "tele"], "rl": [1],
    }  # fmt: skip
    client.send("tasmota/discovery/0000000CC0CC/config", config, retain=True)
    becomes(home, "switch.both", "unavailable")
    theirs = {
        "name": "Relay", "cmd_t": "cmnd/both/POWER", "stat_t": "tele/both/STATE", "uniq_id": "0CC0CC_RL_1",
        "device": {"identifiers": ["0CC0CC"], "connections": [["mac", "00:00:00:0C:C0:CC"]], "name": "Both"},
    }  # fmt: skip
    client.send("homeassistant/switch/0CC0CC_RL_1/config", theirs, retain=True)
    until(lambda: "0CC0CC_RL_1" in unique_ids(home, "mqtt"))
    becomes(home, "switch.both", None)
    until(lambda: "0000000CC0CC" in described(home, "/bridges/tasmota")["left_out"])
    client.send("homeassistant/switch/0CC0CC_RL_1/config", b"", retain=True)
    becomes(home, "switch.both", "unavailable")
    assert "0CC0CC_RL_1" not in unique_ids(home, "mqtt")
    client.send("tasmota/discovery/0000000CC0CC/config", b"", retain=True)
    becomes(home, "switch.both", None)


def test_the_actor_comes_back_with_its_entities(home: HomeServer) -> None:
    """Its successor takes over those that exist."""
    before = home.home.entities.owned["switch.plug_0"]
    home.home.system.restart("/bridges/tasmota")
    until(lambda: _figures(home).get("devices") == 8)
    becomes(home, "light.lamp_3", "on")
    assert home.home.entities.owned["switch.plug_0"] is before
    call(home, "switch.turn_on", entity_id="switch.plug_0")
    becomes(home, "switch.plug_0", "on")


def test_unloading_leaves_placeholders(home: HomeServer) -> None:
    """And loading brings the entities back under their ids."""
    (entry,) = home.home.registries.config_entries.for_domain("tasmota")
    count = len(unique_ids(home, "tasmota"))
    before = state(home, "switch.plug_0")
    with home.websocket() as ws:
        ws.command("config_entries/disable", entry_id=entry.entry_id, disabled_by="user")
        becomes(home, "switch.plug_0", None)
        ws.command("config_entries/disable", entry_id=entry.entry_id, disabled_by=None)
    becomes(home, "switch.plug_0", before)
    assert len(unique_ids(home, "tasmota")) == count


def test_a_device_that_leaves_while_the_entry_is_disabled_is_forgotten(home: HomeServer, client: Client) -> None:
    """Nobody would come back to it later."""
    config = {
        "mac": "00000000CAFE", "dn": "Away", "fn": ["Away"], "t": "away", "tp": ["cmnd", "stat", "tele"], "rl": [1],
    }  # fmt: skip
    client.send("tasmota/discovery/00000000CAFE/config", config, retain=True)
    becomes(home, "switch.away", "unavailable")
    (entry,) = home.home.registries.config_entries.for_domain("tasmota")
    with home.websocket() as ws:
        ws.command("config_entries/disable", entry_id=entry.entry_id, disabled_by="user")
        becomes(home, "switch.away", None)
        client.send("tasmota/discovery/00000000CAFE/config", b"", retain=True)
        until(lambda: home.home.registries.devices.find((), [("mac", "00000000CAFE")]) is None)
        ws.command("config_entries/disable", entry_id=entry.entry_id, disabled_by=None)
    until(lambda: _figures(home).get("devices") == 8)


def test_a_device_that_leaves_is_forgotten(home: HomeServer, client: Client) -> None:
    """With all of its entities."""
    client.send("tasmota-simulator/tasmota_000004", {"leave": True})
    becomes(home, "light.spot_4", None)
    until(lambda: not any(each.startswith(SPOT) for each in unique_ids(home, "tasmota")))
    until(lambda: home.home.registries.devices.find((), [("mac", SPOT)]) is None)


def test_the_simulator_dies_and_returns(
    home: HomeServer, broker: Address, simulator: subprocess.Popen[bytes]
) -> None:
    """Its will speaks for the first device; a new one is heard at once."""
    simulator.kill()
    becomes(home, "switch.plug_0", "unavailable")
    with fleet(broker, "tasmota"):
        becomes(home, "switch.plug_0", "off")
        becomes(home, "light.spot_4", "off")


def test_older_releases_announce_themselves_otherwise(broker: Address) -> None:
    """SetOption19 on: MQTT entities; switched off: Tasmota's own, under the same device."""
    host, port, process = start_broker()
    try:
        with home_on((host, port)) as server, fleet((host, port), "tasmota", "--setoption19", "--devices", "2"):
            add_entry(server, "tasmota")
            becomes(server, "switch.plug_0", "off")
            assert "000000_RL_1" in unique_ids(server, "mqtt")
            assert not unique_ids(server, "tasmota")
            call(server, "switch.turn_on", entity_id="switch.plug_0")
            becomes(server, "switch.plug_0", "on")
            answer = server.rest("POST", f"{BASE}/command", {
                "device": "tasmota_000000", "command": "SetOption19", "payload": "0",
            })  # fmt: skip
            assert answer.json()["answer"] == {"SetOption19": "OFF"}
            until(lambda: f"{PLUG}_switch_relay_0" in unique_ids(server, "tasmota"), what="Tasmota's own")
            until(lambda: "000000_RL_1" not in unique_ids(server, "mqtt"), what="the end of the others")
            becomes(server, unique_ids(server, "tasmota")[f"{PLUG}_switch_relay_0"], "on")
            assert len([each for each in server.home.states.ids() if each.startswith("switch.plug_0")]) == 1
    finally:
        stop_broker(process)


def test_announcements_without_end_are_bounded(broker: Address) -> None:
    """Beyond 2,000 devices they are counted, and the home goes on."""
    host, port, process = start_broker()
    client = Client((host, port))
    try:
        with home_on((host, port)) as server:
            for number in range(2_100):
                mac = f"{number:012X}"
                config = {"mac": mac, "t": f"t{number}", "tp": ["cmnd", "stat", "tele"], "rl": [1]}
                client.client.publish(f"tasmota/discovery/{mac}/config", orjson.dumps(config), qos=0)
            client.send("tele/last/LWT", "Online")
            until(lambda: _figures(server)["announced"] == 2_000)
            mqtt = server.home.system.actor("/bridges/mqtt")
            assert mqtt is not None
            until(lambda: mqtt.describe()["failed_messages"] >= 100)
            assert _flows(server) == [("tasmota", "mqtt", "confirm")]
            assert len(server.rest("GET", BASE).json()["devices"]) == 2_000
    finally:
        client.close()
        stop_broker(process)
