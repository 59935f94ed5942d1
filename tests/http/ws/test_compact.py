"""`marge/entities/…`: what a client puts together from rows and shapes is what the usual commands say."""

from __future__ import annotations

from typing import Any

import pytest

from marge.http.ws.commands import compact
from marge.model import Context, State
from tests.support.home import HomeServer

OF_DEVICE = (
    "area_id", "manufacturer", "model", "sw_version", "hw_version", "config_entries", "primary_config_entry", "labels"
)  # fmt: skip


def put_together(messages: list[dict[str, Any]], now: float) -> dict[str, dict[str, Any]]:
    """States in the form of `subscribe_entities`; times in whole ms."""
    shapes: list[Any] = []
    found: dict[str, dict[str, Any]] = {}
    for message in messages:
        shapes += message.get("shapes", ())
        for entity_id, state, changed, updated, context, shape, *values in message.get("rows", ()):
            names, steady = shapes[shape]
            found[entity_id] = {
                "s": state, "a": {**steady, **dict(zip(names, values, strict=True))}, "c": context,
                "lc": round(now - changed), "lu": round(now - (changed if updated is None else updated)),
            }  # fmt: skip
        for entity_id, short in message.get("a", {}).items():
            times = {"lc": round(short["lc"] * 1000), "lu": round(short.get("lu", short["lc"]) * 1000)}
            found[entity_id] = {**short, **times}
    return found


def test_rows_say_what_the_usual_form_says() -> None:
    """Numbers, truths, texts and lists under the same names; steady attributes of another kind of value; odd names."""
    attributes: list[dict[Any, Any]] = [
        {}, {"friendly_name": "A", "value": 0}, {"friendly_name": "A", "value": False},
        {"value": 1, "friendly_name": "A"}, {"icon": "mdi:a", "min": 1, "max": 2.5},
        {"icon": None, "min": True, "max": [1]}, {"icon": "mdi:a", "min": 2},
        {1: "odd"}, {True: "odd"},
    ]  # fmt: skip
    states = [
        State(f"sensor.a_{at}", str(at), given, 10.0 + at, 10.0 + at + at % 2, 30.0, Context())
        for at, given in enumerate(attributes)
    ]
    found = put_together(list(compact.portions(states, now=100.0)), 100_000)
    for state in states:
        usual = compact.compress(state)
        shown = found[state.entity_id]
        assert {name: repr(value) for name, value in shown["a"].items()} == {
            name: repr(value) for name, value in usual["a"].items()
        }
        assert (shown["s"], shown["c"]) == (usual["s"], usual["c"])
        assert (shown["lc"], shown["lu"]) == (state.last_changed * 1000, state.last_updated * 1000)


def test_shapes_are_told_once_and_are_not_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand entities of a kind make one shape; who invents names for ever gets the usual form."""
    monkeypatch.setattr(compact, "MAX_SHAPES", 3)

    def made(entity_id: str, attributes: dict[str, Any]) -> State:
        return State(entity_id, "1", attributes, 1, 1, 1, Context())

    alike = [made(f"sensor.b_{at}", {"device_class": "power", "value": at}) for at in range(2500)]
    other = [made(f"sensor.c_{at}", {f"name_{at}": at}) for at in range(5)]
    messages = list(compact.portions(alike[:10], [*alike[10:], *other], now=2.0))
    assert [len(each["rows"]) + len(each.get("a", ())) for each in messages] == [10, 1000, 1000, 495]
    assert messages[0]["shapes"] == [(["value"], {"device_class": "power"})]
    assert sum(len(each["shapes"]) for each in messages) == 3
    assert list(messages[-1]["a"]) == ["sensor.c_2", "sensor.c_3", "sensor.c_4"]
    assert set(put_together(messages, 2000)) == {state.entity_id for state in (*alike, *other)}


def test_all_states_come_and_then_what_changes(server: HomeServer) -> None:
    """Whoever is asked for first is in the first portion; `all` ends them; a change comes in the usual form."""
    path = "/api/states/sensor.compact"
    server.rest("POST", path, {"state": "1", "attributes": {"friendly_name": "Compact", "unit_of_measurement": "W"}})
    with server.websocket() as client:
        first = ["sensor.compact", "sensor.nobody", "sensor.compact"]
        subscription = client.command("marge/entities/subscribe", first=first)["id"]
        now = client.event(subscription)["now"]
        messages = [client.event(subscription)]
        assert [row[0] for row in messages[0]["rows"]] == ["sensor.compact"]
        while "all" not in messages[-1]:
            messages.append(client.event(subscription))
        found = put_together(messages, now)
        usual = client.event(client.command("subscribe_entities")["id"])["a"]
        assert set(found) == set(usual)
        assert found["sensor.compact"]["a"] == usual["sensor.compact"]["a"]
        assert abs(found["sensor.compact"]["lc"] - usual["sensor.compact"]["lc"] * 1000) <= 1
        server.rest(
            "POST", path, {"state": "2", "attributes": {"friendly_name": "Compact", "unit_of_measurement": "W"}}
        )
        assert client.event(subscription)["c"]["sensor.compact"]["+"]["s"] == "2"


def test_who_asks_for_too_many_first_is_refused(server: HomeServer) -> None:
    """The list is for a screenful."""
    with server.websocket() as client:
        reply = client.command("marge/entities/subscribe", first=["sensor.a"] * 501)
        assert reply["error"]["code"] == "invalid_format"


def test_entries_and_devices_are_those_of_the_registries(server: HomeServer) -> None:
    """Row by row what the usual commands list; disabled entries are left out, as there."""
    registries = server.home.registries
    area = registries.areas.create(name="Compact")
    entry = registries.config_entries.get_or_create("compact", "Compact")
    device = registries.devices.get_or_create(
        identifiers=[("compact", "1")], name="Box", model="M", config_entry_id=entry.entry_id
    )
    registries.update_device(device.id, area_id=area.area_id, name_by_user="My box")
    for number, said in enumerate(
        ({"entity_category": "diagnostic"}, {"translation_key": "x"}, {"disabled_by": "user"})
    ):
        registries.entities.get_or_create(
            "sensor", "compact", f"unique-{number}", entity_id=f"sensor.compact_{number}", device_id=device.id,
            original_name=f"Compact {number}", **said,
        )  # fmt: skip
    registries.entities.update("sensor.compact_0", hidden_by="user", icon="mdi:a", area_id=area.area_id)
    registries.entities.update_options("sensor.compact_1", "sensor", {"display_precision": 2})
    with server.websocket() as client:
        said = client.command("marge/entities/entries")["result"]
        platforms, devices, areas = (said["tables"][name] for name in ("platforms", "devices", "areas"))
        usual = client.command("config/entity_registry/list_for_display")["result"]["entities"]
        assert len(usual) >= 2
        found = []
        for entity_id, platform, of, area_of, name, *more in said["rows"]:
            made = {"ei": entity_id, "pl": platforms[platform], "lb": [], **(more[0] if more else {})}
            extra = {"di": of if of is None else devices[of], "ai": area_of if area_of is None else areas[area_of]}
            found.append(made | {key: value for key, value in {**extra, "en": name}.items() if value is not None})
        assert found == [{key: value for key, value in each.items() if key != "hn"} for each in usual]

        told = client.command("marge/entities/devices")["result"]
        assert tuple(told["tables"]) == OF_DEVICE
        usual_devices = {each["id"]: each for each in client.command("config/device_registry/list")["result"]}
        assert {row[0] for row in told["rows"]} == set(usual_devices)
        for device_id, name, more_of, *places in told["rows"]:
            made = {"id": device_id, "name": name, **more_of}
            for column, place in zip(OF_DEVICE, places, strict=True):
                made |= {} if place is None else {column: told["tables"][column][place]}
            filled = {key: value for key, value in usual_devices[device_id].items() if value and key in made}
            assert made == filled
