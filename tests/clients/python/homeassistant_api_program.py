"""Everything that `HomeAssistant-API` offers: REST, WebSocket, both again with asyncio. It runs in its own Python."""

from __future__ import annotations

import asyncio
import json
import os
from datetime import UTC, datetime, timedelta

from homeassistant_api import AsyncClient, AsyncWebsocketClient, Client, State, WebsocketClient
from homeassistant_api.errors import (
    BadTemplateError,
    EndpointNotFoundError,
    RequestError,
    UnauthorizedError,
)

URL, TOKEN = os.environ["HASS_URL"], os.environ["HASS_TOKEN"]
SOCKET = URL.replace("http", "ws", 1) + "/api/websocket"


def refused(kind, function, *arguments, **named):
    """The error that a call has to end with."""
    try:
        function(*arguments, **named)
    except kind as problem:
        return problem
    raise AssertionError(f"{function} did not raise {kind}")


def rest() -> dict[str, object]:
    """Every method of `Client`."""
    with Client(URL + "/api", TOKEN) as client:
        assert client.check_api_running() and client.check_api_config()
        assert client.get_config()["location_name"] == "Home"
        assert "light" in client.get_components()
        assert isinstance(client.get_error_log(), str)
        groups = client.get_entities()
        assert groups["light"].get_entity("bed_light").state.state == "off"
        entity = client.get_entity(entity_id="light.bed_light")
        light = client.get_domain("light")
        changed = light.turn_on(entity_id="light.bed_light", brightness=90)
        assert [state.entity_id for state in changed] == ["light.bed_light"], changed
        assert entity.get_state().attributes["brightness"] == 90
        client.trigger_service("light", "turn_off", entity_id="light.bed_light")
        states, response = client.trigger_service_with_response(
            "weather", "get_forecasts", entity_id="weather.demo_weather_north", type="daily"
        )
        assert len(response["weather.demo_weather_north"]["forecast"]) == 7
        written = client.set_state(State(entity_id="sensor.made", state="1", attributes={"unit_of_measurement": "W"}))
        assert (written.state, written.attributes) == ("1", {"unit_of_measurement": "W"})
        client.set_state(State(entity_id="sensor.made", state="2"))
        assert client.get_rendered_template("{{ states('sensor.made') | int + 40 }}") == "42"
        assert client.fire_event("door_bell", times=2) == "Event door_bell fired."
        assert any(event.listener_count for event in client.get_events())
        assert client.get_event("state_changed").fire(entity_id="sensor.none") == "Event state_changed fired."
        soon = datetime.now(UTC) + timedelta(minutes=1)
        made = client.get_entity(entity_id="sensor.made")
        past = list(client.get_entity_histories((made,), datetime.now(UTC) - timedelta(hours=1), soon))
        assert [state.state for state in past[0].states] == ["1", "2"], past
        assert [state.state for state in made.get_history().states] == ["1", "2"]
        assert [entry.state for entry in client.get_logbook_entries("light.bed_light")][-2:] == ["on", "off"]
        refused(EndpointNotFoundError, client.get_state, entity_id="light.none")
        refused(RequestError, client.trigger_service, "light", "turn_on", entity_id="light.bed_light", brightness="x")
        refused(RequestError, client.trigger_service, "light", "dance")
        refused(BadTemplateError, client.get_rendered_template, "{{ 1 +")
        refused(UnauthorizedError, Client(URL + "/api", "wrong").get_config)
        return {"domains": len(client.get_domains()), "states": len(client.get_states())}


def websocket() -> dict[str, object]:
    """Every method of `WebsocketClient`."""
    with WebsocketClient(SOCKET, TOKEN) as client:
        assert client.ping_latency() < 5_000
        assert client.get_config()["state"] == "RUNNING"
        assert client.get_rendered_template("{{ 20 + 22 }}") == "42"
        assert client.get_state(entity_id="light.bed_light").state == "off"
        with client.listen_events("state_changed") as events:
            client.trigger_service("light", "turn_on", entity_id="light.bed_light")
            event = next(e for e in events if e.data["entity_id"] == "light.bed_light")
            assert event.data["new_state"]["state"] == "on"
        with client.listen_trigger("state", entity_id="light.bed_light") as triggers:
            client.get_domain("light").turn_off(entity_id="light.bed_light")
            assert next(triggers)["trigger"]["to_state"]["state"] == "off"
        response = client.trigger_service_with_response(
            "weather", "get_forecasts", entity_id="weather.demo_weather_north", type="daily"
        )
        assert response["weather.demo_weather_north"]["forecast"]
        with client.listen_events("called") as events:
            context = client.fire_event("called", number=7)
            event = next(events)
            assert (event.data, event.context.id) == ({"number": 7}, context.id)
        entries = client.get_config_entries()
        demo = next(entry for entry in entries if entry.domain == "demo")
        with client.listen_config_entries() as changes:
            assert {change.entry.entry_id for change in next(changes)} == {entry.entry_id for entry in entries}
            client.disable_config_entry(demo.entry_id)
            while next(changes)[0].entry.disabled_by is None:
                continue
            client.enable_config_entry(demo.entry_id)
            while next(changes)[0].entry.disabled_by is not None:
                continue
        assert client.get_entry_subentries(demo.entry_id) == ()
        flows = client.get_nonuser_flows_in_progress()
        registry = client.list_entity_registry()
        assert client.get_entity_registry_entry("light.bed_light").platform == "demo"
        updated = client.update_entity_registry_entry({"entity_id": "light.bed_light", "name": "Night"})
        assert updated.entity_entry.name == "Night"
        client.update_entity_registry_entry({"entity_id": "light.bed_light", "name": None})
        refused(UnauthorizedError, WebsocketClient(SOCKET, "wrong").__enter__)
        return {"entries": len(entries), "registry": len(registry), "flows": len(flows)}


async def asynchronous() -> dict[str, object]:
    """The same over asyncio; aiohttp and another WebSocket library are below it."""
    async with AsyncClient(URL + "/api", TOKEN) as client, AsyncWebsocketClient(SOCKET, TOKEN) as socket:
        assert await client.check_api_running() and await client.check_api_config()
        async with socket.listen_events("state_changed") as events:
            await client.trigger_service("switch", "turn_off", entity_id="switch.decorative_lights")
            event = await anext(e async for e in events if e.data["entity_id"] == "switch.decorative_lights")
            assert event.data["new_state"]["state"] == "off"
        states, response = await client.trigger_service_with_response("script", "greet")
        assert response == {"value": "hello"}
        assert await socket.get_rendered_template("{{ 6 * 7 }}") == "42"
        assert await client.get_rendered_template("{{ 6 * 7 }}") == "42"
        entity = await client.get_entity(entity_id="switch.decorative_lights")
        assert (await entity.get_history()).states[-1].state == "off"
        assert await socket.ping_latency() < 5_000
        return {"states": len(await socket.get_states()), "domains": len(await client.get_domains())}


print(json.dumps({"rest": rest(), "websocket": websocket(), "async": asyncio.run(asynchronous())}))
