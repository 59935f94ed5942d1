"""Webhooks: what reaches an automation, what is refused, and that nobody finds out which ids exist."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from marge.webhooks import Webhook, WebhookCall, WebhookReply, webhooks_of
from tests.support.home import HomeServer, home_server
from tests.support.waiting import until

CONFIGURATION = """
homeassistant: {name: Test, latitude: 50, longitude: 8, elevation: 100, unit_system: metric, time_zone: Europe/Berlin}
input_text: {note: {max: 255}}
automation:
  - id: hook
    alias: Hook
    trigger:
      - {platform: webhook, webhook_id: my-hook}
      - {platform: webhook, webhook_id: my-get-hook, local_only: false, allowed_methods: [GET]}
    action:
      - event: hooked
        event_data:
          json: "{{ trigger.json | default('none') }}"
          data: "{{ trigger.data | default('none') }}"
          query: "{{ trigger.query }}"
"""


@pytest.fixture(scope="module")
def server() -> Iterator[HomeServer]:
    with home_server(CONFIGURATION) as running:
        yield running


def call(server: HomeServer, method: str, path: str, body: Any = None, **more: Any) -> tuple[int, str]:
    reply = server.rest(method, f"/api/webhook/{path}", body, token=None, **more)
    return reply.status_code, reply.text


@pytest.mark.parametrize(
    ("method", "path", "body", "headers", "seen"),
    [
        ("POST", "my-hook", {"a": 1}, {}, {"json": {"a": 1}, "data": "none"}),
        ("PUT", "my-hook?x=1", {"a": 1}, {}, {"query": {"x": "1"}}),
        ("POST", "my-hook", b"a=1", {"Content-Type": "application/x-www-form-urlencoded"}, {"data": {"a": "1"}}),
        ("GET", "my-get-hook?x=1", None, {}, {"query": {"x": "1"}}),
    ],
)
def test_a_call_runs_the_automation(
    server: HomeServer, method: str, path: str, body: Any, headers: dict[str, str], seen: dict[str, Any]
) -> None:
    """With the body's parts and the query."""
    with server.websocket() as client:
        subscription = client.command("subscribe_events", event_type="hooked")["id"]
        assert call(server, method, path, body, headers=headers) == (200, "")
        data = client.event(subscription)["data"]
        assert {key: data[key] for key in seen} == seen


def test_methods_are_checked_and_unknown_ids_look_like_known_ones(server: HomeServer) -> None:
    """A HEAD request may look whether the address works."""
    assert call(server, "GET", "my-hook") == (405, "")
    assert call(server, "HEAD", "my-hook") == (200, "")
    assert call(server, "POST", "my-get-hook", {}) == (405, "")
    for method in ("GET", "POST", "PUT", "HEAD"):
        assert call(server, method, "nope") == (200, "")
    refused = server.rest("DELETE", "/api/webhook/my-hook", token=None)
    assert (refused.status_code, refused.headers["Allow"]) == (405, "GET,HEAD,OPTIONS,POST,PUT")
    assert call(server, "POST", "my-hook", b"{bad", headers={"Content-Type": "application/json"}) == (200, "")


def test_a_webhook_for_the_homes_network_ignores_strangers(server: HomeServer) -> None:
    """They get the same answer as everybody; the webhook is not called."""
    called: list[WebhookCall] = []
    ends = [
        webhooks_of(server.home).register(
            Webhook(name, "test", name, lambda each: called.append(each), local_only=local)
        )
        for name, local in (("near", True), ("far", False))
    ]
    from marge.http.message import Request
    from marge.http.rest.webhook import call_webhook

    for name in ("near", "far"):
        reply = call_webhook(server.home, Request("POST", "", remote="203.0.113.7"), name, False)
        assert (reply.status, reply.body) == (200, b"")
    assert [each.webhook_id for each in called] == ["far"]
    for end in ends:
        end()


def test_a_webhook_that_fails_tells_its_caller_nothing(server: HomeServer) -> None:
    """It is logged, and that is all."""

    def fail(_call: WebhookCall) -> WebhookReply:
        raise RuntimeError("broken")

    end = webhooks_of(server.home).register(Webhook("broken", "test", "Broken", fail))
    assert call(server, "POST", "broken", {}) == (200, "")
    end()


def test_webhooks_over_the_websocket(server: HomeServer) -> None:
    """Listed for administrators; handled for everybody who is logged in."""
    with server.websocket() as client:
        listed = client.command("webhook/list")["result"]
        assert listed[0] == {
            "webhook_id": "my-hook", "domain": "automation", "name": "Hook", "local_only": True,
            "allowed_methods": ["POST", "PUT"],
        }  # fmt: skip
        subscription = client.command("subscribe_events", event_type="hooked")["id"]
        handled = client.command(
            "webhook/handle", webhook_id="my-hook", method="POST", body='{"a": 2}',
            headers={"Content-Type": "application/json"}, query="q=1",
        )["result"]  # fmt: skip
        assert handled == {"body": None, "status": 200, "headers": {"Content-Type": "application/octet-stream"}}
        data = client.event(subscription)["data"]
        assert (data["json"], data["query"]) == ({"a": 2}, {"q": "1"})
    with server.websocket(server.user_token) as client:
        assert client.command("webhook/list")["error"]["code"] == "unauthorized"


def test_a_webhook_goes_with_its_automation(server: HomeServer) -> None:
    """Turned off, its id is as unknown as any."""
    service = {"entity_id": "automation.hook"}
    assert server.rest("POST", "/api/services/automation/turn_off", service).status_code == 200
    until(lambda: not webhooks_of(server.home).all())
    assert server.rest("POST", "/api/services/automation/turn_on", service).status_code == 200
    until(lambda: webhooks_of(server.home).get("my-hook"))
