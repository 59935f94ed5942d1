"""How damp it is at the coldest place of a room."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marge.integrations.mold_indicator import damp_at_the_coldest

FORM = {
    "name": "Mold", "indoor_temp_sensor": "sensor.in", "indoor_humidity_sensor": "sensor.in_damp",
    "outdoor_temp_sensor": "sensor.out", "calibration_factor": 2,
}  # fmt: skip


def _put(server, entity_id, value, unit):
    body = {"state": str(value), "attributes": {"unit_of_measurement": unit}}
    server.rest("POST", f"/api/states/{entity_id}", body)
    server.wait()


@pytest.fixture
def air(server):
    for entity_id, value, unit in (("sensor.in", 18, "°C"), ("sensor.in_damp", 50, "%"), ("sensor.out", 41, "°F")):
        _put(server, entity_id, value, unit)


@given(*(st.floats(allow_nan=False, allow_infinity=False) for _ in range(3)), st.floats(-5, 5).filter(bool))
def test_no_air_breaks_it(inside, humidity, outside, calibration):
    """A share from 0 to 100, or nothing."""
    found = damp_at_the_coldest(inside, humidity, outside, calibration)
    assert found is None or 0 <= found.humidity <= 100


def test_it_shows_the_humidity_there(flows, server, air):
    """With dew point and temperature; each sensor by its own unit."""
    entry_id = flows.make("mold_indicator", FORM)
    shown = flows.state("sensor.mold")
    assert (shown["state"], shown["attributes"]) == (
        "76",
        {
            "state_class": "measurement", "dewpoint": 7.41, "estimated_critical_temp": 11.5, "unit_of_measurement": "%",
            "device_class": "humidity", "friendly_name": "Mold",
        },
    )  # fmt: skip
    for value, state in (("unavailable", "unavailable"), (100, "100"), (0, "unavailable"), (101, "unavailable")):
        _put(server, "sensor.in_damp", value, "%")
        flows.until_state("sensor.mold", state)
    flows.remove(entry_id)


def test_a_calibration_of_zero_is_refused(flows):
    """The form is shown again."""
    again = flows.send(flows.start("mold_indicator"), {**FORM, "calibration_factor": 0})
    assert again["errors"] == {"base": "calibration_is_zero"}


def test_it_has_a_preview(flows, server, air):
    """While its form is filled in."""
    flow = flows.start("mold_indicator")
    with server.websocket() as client:
        done = client.command(
            "mold_indicator/start_preview", flow_id=flow["flow_id"], flow_type="config_flow", user_input=FORM
        )
        assert client.event(done["id"])["state"] == "76"
