"""New values each half minute."""

from __future__ import annotations

from marge.entities import Report


def test_a_number_lies_between_its_limits(flows, server):
    """Both included; it rolls again."""
    entry_id = flows.make(
        "random", {"name": "Dice", "minimum": 1, "maximum": 6, "unit_of_measurement": "eyes"}, "sensor"
    )
    entity = server.home.entities.owned["sensor.dice"]
    seen = set()
    for _ in range(200):
        entity.tell(Report({"look": True}))
        server.wait()
        seen.add(int(flows.server.state("sensor.dice").state))
    assert seen == {1, 2, 3, 4, 5, 6}
    shown = flows.state("sensor.dice")["attributes"]
    assert (shown["minimum"], shown["maximum"], shown["unit_of_measurement"]) == (1, 6, "eyes")
    again = flows.options(entry_id, {"minimum": 7, "maximum": 6})
    assert again["errors"] == {"base": "minimum_above_maximum"}
    flows.options(entry_id, {"minimum": 9, "maximum": 9})
    flows.until_state("sensor.dice", "9")
    flows.remove(entry_id)


def test_a_coin(flows):
    """On or off; nothing of it is an option."""
    entry_id = flows.make("random", {"name": "Coin", "device_class": "door"}, "binary_sensor")
    assert flows.state("binary_sensor.coin")["state"] in ("on", "off")
    form = flows.start(entry_id, "options/flow")
    assert (form["step_id"], form["data_schema"]) == ("binary_sensor", [])
    flows.remove(entry_id)


def test_what_is_no_whole_number_is_refused(flows, server):
    """Below zero, texts, the infinite."""
    flow = flows.send(flows.start("random"), {"next_step_id": "sensor"})
    for value in (-1, "many", 1e300, None):
        body = {"name": "R", "minimum": value}
        reply = server.rest("POST", f"/api/config/config_entries/flow/{flow['flow_id']}", body)
        assert (reply.status_code, list(reply.json()["errors"])) == (400, ["minimum"])
