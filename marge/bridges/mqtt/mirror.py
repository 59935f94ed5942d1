"""States over MQTT for those who want them: `marge/state/<domain>/<object_id>`, retained, the JSON that REST shows.

Nothing of it comes back in: Marge reads these topics once at a start, to clear those of entities that are no more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from marge.actors import Timer
from marge.model import valid_entity_id

if TYPE_CHECKING:
    from marge.actors import Subscription
    from marge.bridges.mqtt.connection import Link
    from marge.bridges.mqtt.incoming import Incoming
    from marge.home import Home
    from marge.model import Event

FILTER = "marge/state/+/+"
FLUSH_S = 0.1
AT_ONCE = 200
"""Messages in one turn: 2,000 a second at most, and the hub is free in between."""
UNSENT_AT_MOST = 2_000
"""While the broker is behind, the newest state of each entity waits here, and nothing more."""
EVERYTHING = "*"


def topic_of(entity_id: str) -> str:
    return f"marge/state/{entity_id.replace('.', '/', 1)}"


class Mirror:
    """Publishes the newest state of each chosen entity. Bounded by the number of entities: only ids wait."""

    def __init__(self, home: Home, link: Link) -> None:
        self.published = 0
        self._home, self._link = home, link
        chosen = home.config.marge.mqtt_mirror
        self._everything = EVERYTHING in chosen
        self._chosen = frozenset(chosen)
        self._pending: dict[str, None] = {}
        self._subscription: Subscription | None = None
        self._timer: Timer | None = None

    def figures(self) -> dict[str, int]:
        return {"published": self.published, "waiting": len(self._pending)}

    def begin(self) -> None:
        """Say all states, and from now on each change."""
        if self._subscription is None:
            self._subscription = self._home.bus.subscribe(self._changed, "state_changed")
        for state in self._home.states.all():
            self._note(state.entity_id)

    def stop(self) -> None:
        if self._subscription is not None:
            self._subscription.cancel()
            self._subscription = None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def heard(self, message: Incoming) -> None:
        """A retained state: whoever is no more is taken back."""
        if not message.retain or not message.payload:
            return
        entity_id = ".".join(message.topic.split("/")[2:])
        if valid_entity_id(entity_id) and (self._home.states.get(entity_id) is None or not self._is_chosen(entity_id)):
            self._pending[entity_id] = None
            self._soon()

    def _is_chosen(self, entity_id: str) -> bool:
        return self._everything or entity_id in self._chosen or entity_id.partition(".")[0] in self._chosen

    def _changed(self, event: Event) -> None:
        self._note(event.data["entity_id"])

    def _note(self, entity_id: str) -> None:
        """Runs where the change is written: it must be quick."""
        if self._is_chosen(entity_id):
            self._pending[entity_id] = None
            self._soon()

    def _soon(self) -> None:
        if self._timer is None and self._subscription is not None:
            self._timer = self._home.clock.after(FLUSH_S, self._flush, None)

    def _flush(self, _message: object) -> None:
        """Runs in the clock's turn and never waits: paho takes what is given and sends it by itself."""
        self._timer = None
        sent = 0
        while self._pending and sent < AT_ONCE:
            client = self._link.client
            if client is None or not client.connected:
                self._pending.clear()  # all of it is said after the next connection
                return
            if client.unsent > UNSENT_AT_MOST:
                break
            entity_id = next(iter(self._pending))
            del self._pending[entity_id]
            state = self._home.states.get(entity_id) if self._is_chosen(entity_id) else None
            if not self._link.say(topic_of(entity_id), b"" if state is None else state.json, 0, True):
                self._pending[entity_id] = None
                break
            sent += 1
        self.published += sent
        if self._pending:
            self._soon()
