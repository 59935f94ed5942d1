"""The first page in a real browser: from onboarding to a lamp that is switched, and back after the server was away."""

from __future__ import annotations

import pytest

from marge.domains.light import LightEntity
from tests.support.browser import browser_page, chromium
from tests.support.home import PASSWORD, HomeServer, home_server
from tests.support.waiting import until

pytestmark = pytest.mark.skipif(chromium() is None, reason="chromium is not installed (make test installs it as root)")

CONNECTED = "document.getElementById('status').textContent === 'connected'"
CONFIGURATION = "homeassistant: {name: Our House}\ninput_boolean: {guest: {name: Guests}}\n"


def fill(form: str, **fields: str) -> str:
    """A script that fills a form in and sends it."""
    lines = [f"form.elements.{name}.value = {value!r};" for name, value in fields.items()]
    return f"(() => {{ const form = document.getElementById({form!r}); {''.join(lines)} form.requestSubmit(); }})()"


def switch(name: str) -> str:
    return f"""document.querySelector('[role=switch][aria-label="{name}"]')"""


def add_lamp(server: HomeServer) -> None:
    lamp = LightEntity()
    lamp.name = "Lamp"
    server.home.entities.add(lamp, "light.lamp", "test")
    server.wait()


def test_from_an_empty_home_to_a_lamp_that_is_on() -> None:
    """Onboarding makes the owner and logs in; switches show states, change them and follow what others do."""
    with home_server(CONFIGURATION, with_users=False) as server, browser_page() as page:
        add_lamp(server)
        page.open(server.url)
        page.until("!document.getElementById('onboarding').hidden")
        page.run(fill("onboarding", name="Ann", username="ann", password=PASSWORD, again=PASSWORD))
        page.until(CONNECTED)
        page.until(f"{switch('Lamp')}?.getAttribute('aria-checked') === 'false'")
        page.run(f"{switch('Lamp')}.click()")
        until(lambda: server.home.states.get("light.lamp").state == "on", what="the lamp is on")  # type: ignore[union-attr]
        page.until(f"{switch('Lamp')}.getAttribute('aria-checked') === 'true'")
        server.home.services.call("input_boolean", "turn_on", {"entity_id": "input_boolean.guest"})
        page.until(f"{switch('Guests')}.getAttribute('aria-checked') === 'true'")

        assert server.auth.owner() is not None
        assert all(step in server.auth.onboarding_done() for step in ("core_config", "analytics", "integration"))
        assert page.run("document.title") == "Our House"
        assert page.problems == []


def test_log_in_survives_a_reload_and_log_out_revokes() -> None:
    """The refresh token brings the page back without a password; logging out ends it on the server, too."""
    with home_server(CONFIGURATION) as server, browser_page() as page:
        page.open(server.url)
        page.until("!document.getElementById('login').hidden")
        page.run(fill("login", username="user", password="wrong"))
        page.until("document.getElementById('error').textContent.includes('do not fit')")
        page.run(fill("login", username="user", password=PASSWORD))
        page.until(CONNECTED)
        page.open(server.url)
        page.until(CONNECTED)
        page.run("document.getElementById('logout').click()")
        page.until("!document.getElementById('login').hidden")

        until(lambda: not [token for token in server.auth.tokens() if token.kind == "normal"], what="it is revoked")
        assert page.problems == []


def test_names_are_text_and_notifications_can_be_dismissed() -> None:
    """Markup in a name or a message is shown as it is; nothing of it runs."""
    evil = "<img src=x onerror=document.title='evil'>"
    with home_server(CONFIGURATION) as server, browser_page() as page:
        server.home.entities.seed("switch.evil", "off", {"friendly_name": evil})
        create = {"message": evil, "title": evil, "notification_id": "n"}
        server.home.services.call("persistent_notification", "create", create)
        page.open(server.url)
        page.until("!document.getElementById('login').hidden")
        page.run(fill("login", username="user", password=PASSWORD))
        page.until("document.querySelectorAll('#notes li').length === 1")
        page.until("[...document.querySelectorAll('li b')].some(each => each.textContent.startsWith('<img'))")
        assert page.run("document.querySelectorAll('main img').length") == 0
        page.run("document.querySelector('#notes button').click()")
        page.until("document.getElementById('notes').hidden")

        assert page.run("document.title") == "Our House"
        assert server.rest("GET", "/api/notifications").json() == []
        assert page.problems == []
