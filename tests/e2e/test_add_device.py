"""Home Assistant's own frontend adds devices by address: a Shelly with a password, a Hue bridge with its button."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from marge.simulate.families._hue_bridge import Bridge
from marge.simulate.families.hue import HueBridge
from marge.simulate.families.shelly import Shelly
from tests.support.browser import Page, browser_page, chromium
from tests.support.home import PASSWORD, HomeServer, home_server
from tests.support.lan import listening, until_state, where

pytestmark = [
    pytest.mark.skipif(chromium() is None, reason="there is no Chromium on this machine"),
]

BUTTON = "ha-button, mwc-button, ha-progress-button"
LOADED = "document.querySelector('home-assistant').hass && !document.querySelector('#ha-launch-screen')"


@pytest.fixture(scope="module")
def server() -> Iterator[HomeServer]:
    pytest.importorskip("hass_frontend", reason="the extra ha-frontend is not installed")
    with home_server(bridges=("shelly", "hue"), broker="none", frontend="home-assistant") as running:
        yield running


@pytest.fixture(scope="module")
def page(server: HomeServer) -> Iterator[Page]:
    with browser_page() as tab:
        tab.open(f"{server.url}/")
        tab.until("location.pathname === '/auth/authorize' && document.readyState === 'complete'")
        tab.type("input[name=username]", "admin")
        tab.type("input[name=password]", PASSWORD)
        tab.click(BUTTON, "Log in")
        tab.until("location.pathname.startsWith('/lovelace')")
        tab.until(LOADED)
        yield tab


def begin(server: HomeServer, page: Page, domain: str, name: str) -> None:
    """Open the dialogue, as a link from elsewhere does."""
    page.open(f"{server.url}/config/integrations/dashboard/add?domain={domain}")
    page.until(LOADED)
    page.sees(f"set up {name}")
    page.click(BUTTON, "OK")


def test_a_shelly_is_added_with_its_password(server: HomeServer, page: Page) -> None:
    """The dialogue asks for the address, then for the log-in, and names the device that it has found."""
    with listening(Shelly(2, "plug", name="Coffee maker", password="open sesame")) as device:
        begin(server, page, "shelly", "Shelly")
        page.sees("The address of the Shelly")
        page.type("input[name=host]", where(device))
        page.click(BUTTON, "Submit")
        page.sees("wants a log-in")
        page.type("input[name=password]", "open sesame")
        page.click(BUTTON, "Submit")
        page.sees("Coffee maker")
        until_state(server, f"switch.shelly_{device.inside.mac.lower()}_0", "off")


def test_a_hue_bridge_is_paired_with(server: HomeServer, page: Page) -> None:
    """The dialogue says when to press the button, and says so again when it was not pressed."""
    with listening(HueBridge(Bridge(name="Upstairs"))) as device:
        begin(server, page, "hue", "Philips Hue")
        page.type("input[name=host]", where(device))
        page.click(BUTTON, "Submit")
        page.sees("Press the round button")
        page.click(BUTTON, "Submit")
        page.sees("was not pressed")
        device.inside.press()
        page.click(BUTTON, "Submit")
        page.sees("Upstairs")
        until_state(server, "light.hue_upstairs_couch", "off")


def test_a_bridge_that_has_forgotten_us_is_paired_with_again(server: HomeServer, page: Page) -> None:
    """The repair notice has a dialogue of its own."""
    with listening(HueBridge(Bridge("001788FFFE000002", "Attic", is_open=True))) as device:
        told = server.rest("POST", "/api/integrations/hue/pair", {"ip": where(device)}).json()
        assert told["result"] == "ok"
        device.inside.users.clear()
        device.inside.is_open = False
        until_state(server, "light.hue_attic_couch", "unavailable")
        page.open(f"{server.url}/config/repairs")
        page.until(LOADED)
        page.sees("Attic does not know this home any more")
        page.click("ha-list-item, ha-md-list-item, mwc-list-item, .issue", "Attic")
        page.sees("has forgotten the key")
        device.inside.press()
        page.click(BUTTON, "Submit")
        until_state(server, "light.hue_attic_couch", "off")
