"""Webhooks: secret addresses that anybody may call without a log-in. Who has one, and what may be sent to it.

Here: the table, and calls as plain data. Not here: HTTP (`marge.http.rest.webhook`), what a call does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from marge.model import dumps_anyhow

if TYPE_CHECKING:
    from marge.home import Home

SHARED = "webhooks"
"""The key of the `Webhooks` in `home.shared`."""
METHODS = ("GET", "HEAD", "POST", "PUT")
DEFAULT_METHODS = ("POST", "PUT")
JSON = "application/json"


@dataclass(frozen=True, slots=True)
class WebhookCall:
    """One call.

    Attributes:
        headers: names in lower case. query: of a repeated argument the first. remote: IP address.
    """

    webhook_id: str
    method: str = "POST"
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    remote: str = ""


@dataclass(frozen=True, slots=True)
class WebhookReply:
    """What the caller gets. `content_type` None: there is no body."""

    status: int = 200
    body: bytes = b""
    content_type: str | None = None

    @classmethod
    def json(cls, obj: Any, status: int = 200, content_type: str = JSON) -> WebhookReply:
        return cls(status, dumps_anyhow(obj), content_type)


Handler = Callable[[WebhookCall], WebhookReply | None]


@dataclass(frozen=True, slots=True)
class Webhook:
    """One registered webhook.

    Attributes:
        domain, name: who has it, for people.
        handler: runs in the caller's greenlet and may wait; None as its reply is an empty 200.
        local_only: calls from beyond the home's network are ignored.
    """

    webhook_id: str
    domain: str
    name: str
    handler: Handler | None = None
    local_only: bool = False
    allowed_methods: tuple[str, ...] = DEFAULT_METHODS

    def as_dict(self) -> dict[str, Any]:
        return {
            "webhook_id": self.webhook_id,
            "domain": self.domain,
            "name": self.name,
            "local_only": self.local_only,
            "allowed_methods": sorted(self.allowed_methods),
        }


class Webhooks:
    """The webhooks of one home. Several may share an id (triggers of several automations): each of them is called."""

    def __init__(self) -> None:
        self._by_id: dict[str, list[Webhook]] = {}

    def register(self, webhook: Webhook) -> Callable[[], None]:
        """Let calls in. Returns how to end that."""
        self._by_id.setdefault(webhook.webhook_id, []).append(webhook)

        def unregister() -> None:
            left = [each for each in self._by_id.get(webhook.webhook_id, ()) if each is not webhook]
            if left:
                self._by_id[webhook.webhook_id] = left
            else:
                self._by_id.pop(webhook.webhook_id, None)

        return unregister

    def get(self, webhook_id: str) -> list[Webhook]:
        return list(self._by_id.get(webhook_id, ()))

    def all(self) -> list[Webhook]:
        """One an id, in order of registration."""
        return [each[0] for each in self._by_id.values()]


def webhooks_of(home: Home) -> Webhooks:
    """The home's webhooks; made on first use."""
    found = home.shared.get(SHARED)
    if not isinstance(found, Webhooks):
        found = home.shared[SHARED] = Webhooks()
    return found


