"""To-do lists, the shopping list and calendars, as clients use them; and that they are still there after a restart."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from marge.integrations.flow import flows_of
from marge.integrations.host import host_of
from tests.support.home import HomeServer, home_server
from tests.support.waiting import until

CONFIGURATION = """
homeassistant: {name: Test, latitude: 50, longitude: 8, elevation: 100, unit_system: metric, time_zone: America/Denver}
"""


def make(server: HomeServer, handler: str, **values: Any) -> str:
    """An entry through its flow; its id."""
    flow = server.rest("POST", "/api/config/config_entries/flow", {"handler": handler}).json()
    made = server.rest("POST", f"/api/config/config_entries/flow/{flow['flow_id']}", values).json()
    assert made["type"] == "create_entry", made
    return str(made["result"]["entry_id"])


@pytest.fixture(scope="module")
def server() -> Iterator[HomeServer]:
    with home_server(CONFIGURATION) as running:
        make(running, "local_todo", todo_list_name="Chores")
        make(running, "local_calendar", calendar_name="Family")
        make(running, "shopping_list")
        yield running


def call(server: HomeServer, service: str, **data: Any) -> Any:
    return server.rest("POST", f"/api/services/{service}", data)


def set_clock(server: HomeServer, text: str) -> None:
    server.home.clock.set_home(dt.datetime.fromisoformat(text).timestamp())


def items(server: HomeServer, entity_id: str = "todo.chores", **data: Any) -> list[dict[str, Any]]:
    reply = call(server, "todo/get_items?return_response", entity_id=entity_id, **data).json()
    found: list[dict[str, Any]] = reply["service_response"][entity_id]["items"]
    return found


def refusal(server: HomeServer, service: str, **data: Any) -> dict[str, Any]:
    domain, name = service.split("/")
    with server.websocket() as client:
        error: dict[str, Any] = client.command("call_service", domain=domain, service=name, service_data=data)["error"]
    return error


def test_items_are_added_changed_ticked_off_and_removed(server: HomeServer) -> None:
    """The state counts what is still to do."""
    chores = {"entity_id": "todo.chores"}
    assert call(server, "todo/add_item", item=" Milk ", **chores).json()[0]["state"] == "1"
    call(server, "todo/add_item", item="Bread", due_date="2026-12-24", description="rye", **chores)
    call(server, "todo/add_item", item="Tax", due_datetime="2026-12-24 10:00:00", **chores)
    assert [{**each, "uid": ""} for each in items(server)] == [
        {"summary": "Milk", "uid": "", "status": "needs_action"},
        {"summary": "Bread", "uid": "", "status": "needs_action", "due": "2026-12-24", "description": "rye"},
        {"summary": "Tax", "uid": "", "status": "needs_action", "due": "2026-12-24T10:00:00-07:00"},
    ]
    call(server, "todo/update_item", item="Milk", rename="Oat milk", status="completed", **chores)
    assert call(server, "todo/update_item", item=items(server)[1]["uid"], due_date=None, **chores).status_code == 200
    assert "due" not in items(server)[1]
    assert [each["summary"] for each in items(server, status="completed")] == ["Oat milk"]
    call(server, "todo/remove_completed_items", **chores)
    call(server, "todo/remove_item", item=["Bread", "Tax"], **chores)
    assert items(server) == []


def test_what_a_list_cannot_do_is_refused_in_the_words_of_clients(server: HomeServer) -> None:
    """Unknown items, fields that the shopping list does not keep, data that makes no sense."""
    unknown = refusal(server, "todo/update_item", entity_id="todo.chores", item="Nope", status="completed")
    assert unknown["message"] == "Validation error: Unable to find to-do list item: Nope"
    assert unknown["translation_key"] == "item_not_found"
    field = refusal(server, "todo/add_item", entity_id="todo.shopping_list", item="x", due_date="2026-12-24")
    assert field["message"] == "Validation error: Entity does not support setting field: due_date"
    for data, text in (
        ({"item": ""}, "length of value must be at least 1 for dictionary value @ data['item']"),
        ({}, "required key not provided @ data['item']"),
        ({"item": "x", "due_date": "2026-12-24", "due_datetime": "2026-12-24 10:00:00"}, "must contain at most one of"),
    ):
        assert refusal(server, "todo/add_item", entity_id="todo.chores", **data)["message"].startswith(text)
    nothing = refusal(server, "todo/update_item", entity_id="todo.chores", item="x")
    assert nothing["message"].startswith("must contain at least one of rename, status")


def test_a_subscriber_sees_the_list_after_each_change(server: HomeServer) -> None:
    """Through services, the shopping list's own commands, and moving."""
    with server.websocket() as client:
        subscription = client.command("todo/item/subscribe", entity_id="todo.shopping_list")["id"]
        assert client.event(subscription) == {"items": []}
        milk = client.command("shopping_list/items/add", name="Milk")["result"]
        assert [each["summary"] for each in client.event(subscription)["items"]] == ["Milk"]
        call(server, "shopping_list/add_item", name="Bread")
        client.event(subscription)
        bread = client.command("shopping_list/items")["result"][1]
        moved = client.command("todo/item/move", entity_id="todo.shopping_list", uid=bread["id"])
        assert moved["success"]
        assert [each["summary"] for each in client.event(subscription)["items"]] == ["Bread", "Milk"]
        update = client.command("shopping_list/items/update", item_id=milk["id"], complete=True)
        assert update["result"] == {"name": "Milk", "id": milk["id"], "complete": True}
        assert client.event(subscription)["items"][1]["status"] == "completed"
        assert client.command("shopping_list/items/clear")["success"]
        assert len(client.event(subscription)["items"]) == 1
        gone = client.command("shopping_list/items/remove", item_id=milk["id"])
        assert gone["error"] == {"code": "item_not_found", "message": "Item not found"}
        missing = client.command("shopping_list/items/reorder", item_ids=[])
        assert missing["error"]["code"] == "invalid_format"
        assert client.command("shopping_list/items/remove", item_id=bread["id"])["result"]["name"] == "Bread"


def test_the_shopping_list_over_rest(server: HomeServer) -> None:
    """Add, change, clear; readers only look."""
    item = server.rest("POST", "/api/shopping_list/item", {"name": "Beer"}).json()
    assert server.rest("GET", "/api/shopping_list").json() == [item]
    changed = server.rest("POST", f"/api/shopping_list/item/{item['id']}", {"complete": True})
    assert changed.json() == {**item, "complete": True}
    assert server.rest("POST", "/api/shopping_list/item/nope", {"complete": True}).status_code == 404
    assert server.rest("POST", f"/api/shopping_list/item/{item['id']}", {"complete": 7}).status_code == 400
    refused = server.rest("POST", "/api/shopping_list/item", {"name": "x"}, token=server.reader_token)
    assert refused.status_code == 401
    assert server.rest("POST", "/api/shopping_list/clear_completed").json() == {"message": "Cleared completed items."}
    assert server.rest("GET", "/api/shopping_list").json() == []


def test_a_calendar_is_on_while_an_event_runs(server: HomeServer) -> None:
    """At its start and its end, by the home's clock; then the next event is shown."""
    set_clock(server, "2027-01-04T16:59:50+00:00")
    for summary, first, last in (("One", "10:00", "11:00"), ("Two", "12:00", "13:00")):
        reply = call(
            server, "calendar/create_event", entity_id="calendar.family", summary=summary,
            start_date_time=f"2027-01-04 {first}:00", end_date_time=f"2027-01-04 {last}:00",
        )  # fmt: skip
        assert reply.status_code == 200

    def shown() -> tuple[str, str]:
        state = server.home.states.get("calendar.family")
        assert state is not None
        return state.state, state.attributes["message"]

    assert shown() == ("off", "One")
    set_clock(server, "2027-01-04T17:00:01+00:00")
    until(lambda: shown() == ("on", "One"))
    set_clock(server, "2027-01-04T18:00:01+00:00")
    until(lambda: shown() == ("off", "Two"))


def test_events_are_written_and_read_with_the_homes_time(server: HomeServer) -> None:
    """All-day and timed; the errors say what is wrong."""
    with server.websocket() as client:

        def create(**event: Any) -> Any:
            return client.command("calendar/event/create", entity_id="calendar.family", event={"summary": "x", **event})

        assert create(dtstart="2028-07-04T10:00:00", dtend="2028-07-04T17:00:00Z")["error"]["code"] == "invalid_format"
        assert create(dtstart="2028-07-04T10:00:00", dtend="2028-07-04T11:00:00")["success"]
        assert create(dtstart="2028-07-05", dtend="2028-07-06", rrule="FREQ=DAILY;COUNT=2")["success"]
        hourly = create(dtstart="2028-07-05", dtend="2028-07-06", rrule="FREQ=HOURLY")
        assert "Invalid frequency" in hourly["error"]["message"]
        window = "/api/calendars/calendar.family?start=2028-07-01&end=2028-08-01T00:00:00Z"
        found = server.rest("GET", window).json()
        assert [each["start"] for each in found] == [
            {"dateTime": "2028-07-04T10:00:00-06:00"}, {"date": "2028-07-05"}, {"date": "2028-07-06"}
        ]  # fmt: skip
        for each in (found[0], found[1]):
            gone = client.command("calendar/event/delete", entity_id="calendar.family", uid=each["uid"])
            assert gone["success"]
        assert server.rest("GET", window).json() == []
        nowhere = client.command("calendar/event/delete", entity_id="calendar.family", uid="nope")
        assert nowhere["error"]["code"] == "failed"
    for path in ("calendar.family", "calendar.family?start=x&end=y", "calendar.nope?start=2028-07-01&end=2028-07-02"):
        assert server.rest("GET", f"/api/calendars/{path}").status_code == 400


def test_readers_change_no_list_and_no_calendar(server: HomeServer) -> None:
    """They may look."""
    with server.websocket(server.reader_token) as client:
        for kind, data in (
            ("shopping_list/items/add", {"name": "x"}),
            ("todo/item/move", {"entity_id": "todo.chores", "uid": "x"}),
            ("calendar/event/delete", {"entity_id": "calendar.family", "uid": "x"}),
        ):
            assert client.command(kind, **data)["error"]["code"] == "unauthorized"
        assert client.command("todo/item/list", entity_id="todo.chores")["success"]


def test_lists_and_calendars_outlive_a_restart(tmp_path: Path) -> None:
    """With their entity ids, items and events; an entry that is removed takes its items along."""
    database = tmp_path / "marge.db"
    with home_server(CONFIGURATION, db_path=database) as server:
        entry_id = make(server, "local_todo", todo_list_name="Chores")
        make(server, "local_calendar", calendar_name="Family")
        make(server, "shopping_list")
        call(server, "todo/add_item", entity_id="todo.chores", item="Milk", due_date="2026-12-24")
        call(server, "shopping_list/add_item", name="Bread")
        call(server, "calendar/create_event", entity_id="calendar.family", summary="Trip", start_date="2099-01-01",
             end_date="2099-01-03")  # fmt: skip
        before = items(server)
    with home_server(CONFIGURATION, db_path=database, with_users=False) as server:
        owner = server.auth.owner()
        assert owner is not None
        server.admin_token = server.auth.create_long_lived(owner, "again")[0]
        until(lambda: server.home.entities.owned.get("calendar.family"))
        until(lambda: server.home.entities.owned.get("todo.shopping_list"))
        assert items(server) == before
        assert [each["name"] for each in server.rest("GET", "/api/shopping_list").json()] == ["Bread"]
        server.wait()
        state = server.rest("GET", "/api/states/calendar.family").json()
        assert (state["state"], state["attributes"]["message"]) == ("off", "Trip")
        host_of(server.home).remove(entry_id)
        assert server.home.storage.load(f"local_todo/{entry_id}") is None
        assert flows_of(server.home).config.start("local_todo")["type"] == "form"
