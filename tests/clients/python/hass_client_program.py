"""What `hass-client` offers: a WebSocket for asyncio. Run by the client's own Python."""

from __future__ import annotations

import asyncio
import json
import os

import aiohttp
from hass_client import HomeAssistantClient
from hass_client.exceptions import AuthenticationFailed, FailedCommand
from hass_client.utils import base_url, get_auth_url, get_long_lived_token, get_token, get_websocket_url

URL, TOKEN = os.environ["HASS_URL"], os.environ["HASS_TOKEN"]
CLIENT_ID = "http://music.example:8095/"


async def log_in() -> str:
    """A code from the log-in page, as the page gets it."""
    login = json.loads(os.environ["HASS_LOGIN"])
    async with aiohttp.ClientSession() as session:
        auth_url = get_auth_url(URL, CLIENT_ID, client_id=CLIENT_ID, state="s")
        async with session.get(auth_url) as page:
            assert page.status == 200, auth_url
        start = {"client_id": CLIENT_ID, "handler": ["homeassistant", None], "redirect_uri": CLIENT_ID}
        async with session.post(f"{URL}/auth/login_flow", json=start) as reply:
            flow = await reply.json()
        login |= {"client_id": CLIENT_ID}
        async with session.post(f"{URL}/auth/login_flow/{flow['flow_id']}", json=login) as reply:
            return str((await reply.json())["result"])


async def main() -> dict[str, object]:
    """Everything in one connection, but for the log-ins."""
    details = await get_token(URL, await log_in(), client_id=CLIENT_ID)
    long_lived = await get_long_lived_token(URL, details["access_token"], "hass-client", "mdi:music", 30)
    async with HomeAssistantClient(get_websocket_url(base_url(URL + "/lovelace")), long_lived) as client:
        assert client.connected and client.version
    try:
        async with aiohttp.ClientSession() as session:
            await HomeAssistantClient(get_websocket_url(URL), "wrong", session).connect()
    except AuthenticationFailed:
        refused = True
    else:
        raise AssertionError("a wrong token")

    async with HomeAssistantClient(get_websocket_url(URL), TOKEN) as client:
        events: asyncio.Queue[dict] = asyncio.Queue()
        states = {state["entity_id"]: state for state in await client.get_states()}
        config, services = await asyncio.gather(client.get_config(), client.get_services())
        assert config["state"] == "RUNNING" and "turn_on" in services["light"]
        registry = await client.get_entity_registry()
        devices = {device["id"] for device in await client.get_device_registry()}
        entry = await client.get_entity_registry_entry("light.ceiling_lights")
        assert entry["platform"] == "demo" and (entry["device_id"] is None or entry["device_id"] in devices)
        area = await client.send_command("config/area_registry/create", name="Cellar")
        assert area in await client.get_area_registry()

        stop = await client.subscribe_entities(events.put_nowait, ["light.ceiling_lights"])
        first = await events.get()
        assert first["a"]["light.ceiling_lights"]["s"] == states["light.ceiling_lights"]["state"] == "on"
        result = await client.call_service("light", "turn_off", target={"entity_id": "light.ceiling_lights"})
        change = (await events.get())["c"]["light.ceiling_lights"]
        assert change["+"]["s"] == "off" and change["+"]["c"]["id"] == result["context"]["id"], change
        assert change["+"]["a"]["brightness"] is None
        stop()
        end = await client.subscribe_events(events.put_nowait, "rang")
        await client.send_command("fire_event", event_type="rang", event_data={"times": 2})
        assert (await events.get())["data"] == {"times": 2}
        end()
        everything = await client.subscribe_events(events.put_nowait)
        await client.call_service("light", "turn_on", {"brightness": 9}, {"entity_id": "light.ceiling_lights"})
        kinds = [(await events.get())["event_type"] for _ in range(2)]
        assert kinds == ["call_service", "state_changed"], kinds
        everything()
        try:
            await client.call_service("light", "dance")
        except FailedCommand as problem:
            assert "dance" in str(problem)
        else:
            raise AssertionError("an unknown service")
    return {"refused": refused, "states": len(states), "registry": len(registry), "devices": len(devices)}


print(json.dumps(asyncio.run(main())))
