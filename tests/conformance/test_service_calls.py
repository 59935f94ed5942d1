"""Service calls recorded from a real Home Assistant that need a whole home, replayed over WebSocket and REST.

The rest of that recording is replayed on entity actors, in `tests/domains/test_service_effects.py`. `KNOWN_MISSES` says
what differs and why; a row that starts to fail, or stops to, fails the test.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.volatile import differences
from tests.support.home import HomeServer, WebSocketClient, home_server
from tests.support.waiting import until

DATA = Path(__file__).parents[1] / "data" / "service_calls.jsonl.gz"
PLACE = "homeassistant: {latitude: 40.39, longitude: -111.85, unit_system: us_customary, time_zone: America/Denver}\n"

KNOWN_MISSES: dict[str, str] = {}
NOT_REPLAYED = {
    **dict.fromkeys(("s0845", "s0846", "s0847", "s0849", "s0852"), "there is no broker; see tests/bridges/mqtt"),
    **dict.fromkeys(("s0843", "s0844"), "what a sentence means is the conversation's; see its tests"),
}


@pytest.fixture(scope="module")
def home():
    """A home with the simulated devices, a list and a calendar."""
    with home_server(f"{PLACE}demo:\nshopping_list:\n", bridges=("demo",)) as server:
        until(lambda: "weather.demo_weather_north" in server.home.states, what="the simulated devices")
        add(server, "local_todo", {"todo_list_name": "Rec list"})
        add(server, "local_calendar", {"calendar_name": "Rec cal"})
        add(server, "shopping_list", {})
        add(server, "utility_meter", {
            "name": "Rec meter", "source": "sensor.total_energy_kwh", "cycle": "none", "offset": 0,
            "tariffs": ["peak", "off"], "net_consumption": False, "delta_values": False, "periodically_resetting": True,
        })  # fmt: skip
        until(lambda: "sensor.rec_meter_peak" in server.home.states, what="the meter")
        yield server


def add(server: HomeServer, domain: str, user_input: dict[str, Any]) -> None:
    """Add an integration as people do."""
    flow = server.rest("POST", "/api/config/config_entries/flow", {"handler": domain}).json()
    if flow["type"] == "form":
        flow = server.rest("POST", f"/api/config/config_entries/flow/{flow['flow_id']}", user_input).json()
    assert flow["type"] == "create_entry", flow


def rows() -> list[dict[str, Any]]:
    with gzip.open(DATA, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def replay(home: HomeServer, client: WebSocketClient, row: dict[str, Any]) -> list[str]:
    """What differs from the recording."""
    call, wanted = row["call"], row.get("error") or {}
    if "ws" in call:
        fields = {key: value for key, value in call["ws"].items() if key != "type"}
        return answered(client.command("call_service", **fields), wanted["ws"])
    found = []
    path = f"/api/services/{call['domain']}/{call['service']}"
    if "rest" in wanted:
        body = call["raw_body"].encode() if "raw_body" in call else call["data"]
        asks = "?return_response" if call.get("return_response") else ""
        reply = home.rest("POST", path + asks, body)
        if reply.text.split("\n")[0] != wanted["rest"].split("\n")[0]:
            found.append(f"REST {reply.text[:200]!r} in place of {wanted['rest']!r}")
    if "raw_body" in call:
        return found
    more = {"return_response": True} if call.get("return_response") else {}
    reply = client.command(
        "call_service", domain=call["domain"], service=call["service"], service_data=call["data"], **more
    )
    found += answered(reply, wanted.get("ws", {"success": True}))
    response = (row.get("response") or {}).get("service_response")
    if response is not None and reply["success"]:
        found += differences(response, reply["result"]["response"], "response", frozenset({"uid"}))
    home.wait()
    for entity_id, state in (row.get("after") or {}).items():
        ours = home.home.states.get(entity_id)
        shown = None if ours is None else ours.state
        if shown != (None if state is None else state["state"]):
            found.append(f"{entity_id} is {shown}, not {state and state['state']}")
    return found


def answered(reply: dict[str, Any], wanted: dict[str, Any]) -> list[str]:
    if reply["success"] != wanted["success"]:
        return [f"{reply} in place of {wanted}"]
    return [] if reply["success"] else differences(wanted["error"], reply["error"], "error")


def before(home: HomeServer, row: dict[str, Any]) -> None:
    """Calls that are not in the recording, but without which a row cannot be as recorded."""
    for entity_id, state in (row.get("before") or {}).items():
        present = home.home.states.get(entity_id)
        if present is None or state is None or present.state == state["state"]:
            continue
        domain = entity_id.partition(".")[0]
        if domain == "light":
            home.rest("POST", f"/api/services/light/turn_{state['state']}", {"entity_id": entity_id})


def test_recorded_calls_are_answered_as_recorded(home: HomeServer) -> None:
    """Every recorded call over the wire has the recorded reply and effect, but for the known misses."""
    wrong: dict[str, list[str]] = {}
    with home.websocket() as client:
        for row in rows():
            if row["id"] in NOT_REPLAYED:
                continue
            before(home, row)
            found = replay(home, client, row)
            if found:
                wrong[row["id"]] = [json.dumps(row["call"])[:120], *found]

    assert {key: found for key, found in wrong.items() if key not in KNOWN_MISSES} == {}
    assert set(KNOWN_MISSES) - set(wrong) == set()
