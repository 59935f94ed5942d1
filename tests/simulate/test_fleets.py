"""The simulated fleets as values: whatever arrives is answered or ignored, and commands do what the firmware would."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marge.simulate.families._fleet import Fleet
from marge.simulate.families.esphome import EspHomeFleet
from marge.simulate.families.tasmota import TasmotaFleet
from marge.simulate.families.zwave_js_ui import ZWaveNetwork
from marge.simulate.messages import Later, Message

_FLEETS: dict[str, Any] = {"tasmota": TasmotaFleet(8), "zwave": ZWaveNetwork(6), "esphome": EspHomeFleet(2)}
_TOPICS: dict[str, list[str]] = {
    "tasmota": [
        f"cmnd/tasmota_00000{number}/{command}"
        for number in range(8)
        for command in ("Power1", "POWER9", "Backlog", "Status", "HsbColor2", "Dimmer", "FanSpeed", "ShutterPosition1",
                        "CT", "White", "SetOption19", "State", "", "x1y", "Scheme")
    ] + ["tasmota-simulator/tasmota_000000", "cmnd/tasmotas/Power1", "cmnd/nobody/Power1"],
    "zwave": [
        f"zwave/_CLIENTS/ZWAVE_GATEWAY-home/api/{name}/set"
        for name in ("getNodes", "writeValue", "pollValue", "pingNode", "removeFailedNode", "startInclusion", "x",
                     "setNodeName", "sendCommand", "writeMulticast", "stopInclusion", "startExclusion")
    ] + ["zwave/Socket_2/37/0/targetValue/set", "zwave/a/b/c/d/set", "zwave-simulator/2", "zwave-simulator/x"],
    "esphome": [f"node-0/{kind}/{key}/command" for kind, key in (
        ("switch", "relay"), ("light", "strip"), ("number", "threshold"), ("button", "restart"), ("x", "y"),
    )] + ["esphome/discover", "esphome/ping/node-0", "esphome/ping/x", "esphome-simulator/node-1"],
}  # fmt: skip
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 500) | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
_PAYLOADS = (
    st.binary(max_size=30)
    | st.text(max_size=30).map(str.encode)
    | _JSON.map(orjson.dumps)
    | st.lists(_JSON, max_size=3).map(lambda args: orjson.dumps({"args": args}))
    | st.sampled_from((b"ON", b"OFF", b"TOGGLE", b"50", b"NoDelay;Power1 ON;NoDelay;HsbColor2 40", b"0", b"11"))
)


@pytest.mark.parametrize("family", sorted(_FLEETS))
@given(data=st.data())
def test_whatever_arrives_is_survived(family: str, data: st.DataObject) -> None:
    """A simulator that falls over tests nothing."""
    fleet = _FLEETS[family]
    topic = data.draw(st.sampled_from(_TOPICS[family]))
    effects = [*fleet.receive(topic, data.draw(_PAYLOADS)), *fleet.report()]
    for effect in effects:
        for message in effect.run() if isinstance(effect, Later) else [effect]:
            assert isinstance(message, Message)
            assert not set(message.topic) & set("+#")


@pytest.mark.parametrize("family", sorted(_FLEETS))
def test_a_fleet_says_hello_and_goodbye(family: str) -> None:
    """Everything is announced; at the end all are gone."""
    fleets: dict[str, Fleet] = {"tasmota": TasmotaFleet(3), "zwave": ZWaveNetwork(3), "esphome": EspHomeFleet(3)}
    fleet = fleets[family]
    said = {message.topic for message in fleet.announce() if isinstance(message, Message)}
    assert {message.topic for message in fleet.farewell()} <= said
    assert fleet.will.topic in said


def test_a_backlog_is_carried_out_in_order() -> None:
    """Each command has its answer."""
    fleet = TasmotaFleet(4)
    answers = fleet.receive("cmnd/tasmota_000003/Backlog", b"NoDelay;Power1 ON;Dimmer 20;HsbColor1 120;Nonsense")
    told = [orjson.loads(each.payload) for each in answers if isinstance(each, Message) and each.payload[:1] == b"{"]
    assert [each.get("POWER") for each in told] == ["ON", "ON", "ON", None]
    assert told[1]["Dimmer"] == 20
    assert told[2]["HSBColor"].startswith("120,")
    assert told[3] == {"Command": "Unknown"}
