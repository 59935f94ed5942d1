"""Trying a broker before its address is stored: can it be reached, and does it take us?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import gevent
from gevent.event import AsyncResult

from marge.bridges.endpoint import Endpoint, of_entry
from marge.bridges.mqtt.client import MqttClient
from marge.util.ulid import ulid

SHARED = "mqtt_check"
PATIENCE_S = 5.0


def check(data: Mapping[str, Any]) -> str | None:
    """Try the broker of this entry data: None, `cannot_connect` or `invalid_auth`. Waits five seconds at most."""
    return check_endpoint(of_entry(data))


def check_endpoint(endpoint: Endpoint) -> str | None:
    """As `check`."""
    answer: AsyncResult[str | None] = AsyncResult()

    def down(_reason: str, bad_credentials: bool) -> None:
        answer.set("invalid_auth" if bad_credentials else "cannot_connect")

    # Neither its session nor its name: the connection that is there must not be thrown out.
    trial = replace(endpoint, client_id=None, session_expiry_s=0)
    try:
        client = MqttClient(f"marge-try-{ulid()[-8:].lower()}", trial, None, lambda _present: answer.set(None), down,
                            lambda _heard: None)  # fmt: skip
    except ValueError:
        return "cannot_connect"
    client.start()
    try:
        return answer.get(timeout=PATIENCE_S)
    except gevent.Timeout:
        return "cannot_connect"
    finally:
        client.close()
