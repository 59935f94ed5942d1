"""Notifications over WebSocket: the active ones, then what becomes of them."""

from __future__ import annotations

from tests.support.home import HomeServer


def test_a_subscriber_sees_notifications_come_and_go(server: HomeServer) -> None:
    """Current, added, replaced, removed; `get` lists what is active."""
    create = {"domain": "persistent_notification", "service": "create"}
    with server.websocket() as client:
        subscription = 1
        assert client.command("persistent_notification/subscribe")["success"]
        assert client.event(subscription)["type"] == "current"
        client.command("call_service", **create, service_data={"message": "hi", "title": "T", "notification_id": "n"})
        added = client.event(subscription)
        assert added["type"] == "added"
        assert added["notifications"]["n"] | {"created_at": ""} == {
            "message": "hi", "title": "T", "notification_id": "n", "created_at": ""
        }
        listed = client.command("persistent_notification/get")["result"]
        assert "n" in [each["notification_id"] for each in listed]
        assert client.command("persistent_notification/dismiss", notification_id="n")["success"]
        gone = client.event(subscription)
        assert (gone["type"], list(gone["notifications"])) == ("removed", ["n"])
        unknown = client.command("persistent_notification/dismiss", notification_id="never was")
        assert unknown["error"]["code"] == "not_found"
