"""Marge's connection to the broker as the bridge has it: client id, a session that outlives us, birth and will,
acknowledgements, what users are told when it fails. Not here: sockets (`client.py`), topics (`bridge.py`).

With a broker that keeps a session for us, the messages that came meanwhile arrive at once, before any retained
announcement could make the entities they are for. So a *scout* comes first: a connection without a session, which reads
what is retained, until the entities are there. Then the session is taken up, and what it held finds its handlers.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import structlog

from marge.bridges.endpoint import Endpoint
from marge.bridges.mqtt.client import NOT_CONNECTED, Heard, MqttClient, Will
from marge.bridges.mqtt.messages import Connected, ConnectionLost
from marge.bridges.mqtt.topics import TopicTrie
from marge.errors import HomeError, MargeError
from marge.util.breathe import let_others_in
from marge.util.ulid import ulid

if TYPE_CHECKING:
    from marge.home import Home

log = structlog.get_logger("marge.bridges.mqtt")

STATUS_TOPIC = "marge/system/status"
BIRTH = Will("homeassistant/status", "online", retain=False, qos=0)
LAST = Will("homeassistant/status", "offline", retain=False, qos=0)
CREDENTIALS_ISSUE = "bad_credentials"
SESSION_KEY = "mqtt.session"
CLIENT_ID_KEY = "mqtt.client_id"

REMEMBERED = 500
"""Acknowledged messages that are known again when the broker repeats them."""

HandOver = Callable[[Connected | ConnectionLost], None]


class Link:
    """The way to the broker. Its methods are called in the bridge's turn, `wants` in paho's greenlet.

    Args:
        hand_over: gives a message to the bridge's actor. take: gives it what arrives; may wait.

    Attributes:
        is_scouting: what is retained is being read, the session waits.
    """

    def __init__(self, home: Home, endpoint: Endpoint, hand_over: HandOver, take: Callable[[Heard], None]) -> None:
        self.endpoint = endpoint
        self.generation = 0
        self.is_scouting = False
        self._home = home
        self._hand_over, self._take = hand_over, take
        self._birth, self._last = announcements(home)
        self._scout: MqttClient | None = None
        self._main: MqttClient | None = None
        self._presence: MqttClient | None = None
        self._known: TopicTrie[bool] = TopicTrie()
        self._known_filters: frozenset[str] = frozenset()
        self._waiting: deque[tuple[int, int, int]] = deque()
        self._done: list[tuple[int, int, int]] = []
        self._open: dict[int, bytes] = {}
        self._before: dict[int, bytes] = {}
        self._acknowledged: deque[int] = deque()
        self._name: str | None = None

    # -- its life ----------------------------------------------------------------------------------------------------

    @property
    def keeps_session(self) -> bool:
        """Whether the broker keeps for us what comes while we are away."""
        return self.endpoint.session_expiry_s > 0

    def start(self) -> None:
        """Connect in the background, again and again. Waits for the database."""
        if self.keeps_session:
            known = self._home.storage.load(SESSION_KEY)
            if isinstance(known, dict) and known.get("of") == self._session_name():
                self._known_filters = frozenset(str(each) for each in known.get("filters", ()))
                for number, each in enumerate(self._known_filters):
                    self._known.add(each, True)
                    if number % 2_000 == 0:
                        let_others_in()
                self.is_scouting = True
        if self.is_scouting:
            self._scout = self._make(f"{self._client_id()}-{ulid()[-6:].lower()}", self._hear_scout, session=False)
            self._scout.start()
        else:
            self._start_main()

    def go_on(self) -> None:
        """The entities are there: take up the session."""
        if self.is_scouting:
            self.is_scouting = False
            if self._scout is not None:
                self._scout.is_muted = True  # it publishes until the other one does
            self._start_main()

    def close(self) -> None:
        """The orderly end: say so, and leave."""
        client = self.client
        if client is not None and client.connected:
            self.say(STATUS_TOPIC, "offline", 1, True)
            if self._last is not None:
                self.say(*self._last[:2], self._last.qos, self._last.retain)
        for each in (self._scout, self._main, self._presence):
            if each is not None:
                each.close()
        self._scout = self._main = self._presence = None

    def hurry(self) -> None:
        """The broker is there: do not wait for the next attempt."""
        client = self._main or self._scout
        if client is not None and not client.connected:
            client.hurry()

    # -- messages ----------------------------------------------------------------------------------------------------

    @property
    def client(self) -> MqttClient | None:
        """Whoever can send now."""
        if self._main is not None and (self._main.connected or self._scout is None):
            return self._main
        return self._scout

    def publish(self, topic: str, payload: str | bytes, qos: int, retain: bool) -> None:
        """Send one message.

        Raises:
            HomeError: there is no connection.
            Overloaded: the broker does not take messages fast enough.
        """
        client = self.client
        if client is None:
            raise HomeError(NOT_CONNECTED)
        client.publish(topic, payload, qos, retain)

    def subscribe(self, filters: list[tuple[str, int]]) -> None:
        """Ask for these filters; the broker sends their retained messages (again).

        A session keeps for us what is asked for at QoS 1 at least, so all is; what was sent at QoS 0 comes at QoS 0.
        """
        if self.keeps_session:
            filters = [(each, qos if each.startswith("$") else max(qos, 1)) for each, qos in filters]
        if (client := self.client) is not None:
            client.subscribe(filters)

    def unsubscribe(self, filters: list[str]) -> None:
        if (client := self.client) is not None:
            client.unsubscribe(filters)

    def figures(self) -> dict[str, Any]:
        """Quick, never waits."""
        client = self.client
        return {
            "broker": self.endpoint.address,
            "client_id": None if client is None else client.client_id,
            "session": "scouting" if self.is_scouting else "kept" if self.keeps_session else "none",
            "published": sum(each.published for each in (self._scout, self._main) if each is not None),
            "unsent": 0 if client is None else client.unsent,
            "subscribing": 0 if client is None else client.unacknowledged,
        }

    def say(self, topic: str, payload: str | bytes, qos: int, retain: bool) -> bool:
        """Send something of ours that nobody waits for; whether it went out."""
        try:
            self.publish(topic, payload, qos, retain)
        except MargeError as exc:
            log.debug("not published", topic=topic, reason=str(exc))
            return False
        return True

    def wants(self, heard: Heard) -> bool:
        """Whether the bridge is to see it. Notes what is to be acknowledged."""
        if not self.keeps_session or not heard.qos:
            return True
        if heard.number:
            digest = hashlib.blake2b(heard.payload, digest_size=8, person=heard.topic.encode()[-16:]).digest()
            if heard.again and self._before.get(heard.number) == digest:
                # Dealt with before the connection was lost; only our word did not reach the broker.
                if self._main is not None:
                    self._main.ack(heard.number, heard.qos)
                return False
            self._open[heard.number] = digest
        self._waiting.append((self.generation, heard.number, heard.qos))
        return True

    def handled(self) -> None:
        """The oldest message of QoS 1 or 2 that `wants` let in was given to its handlers."""
        if self._waiting:
            entry = self._waiting.popleft()
            if entry[1]:
                self._done.append(entry)

    @property
    def owes(self) -> bool:
        """Whether something handled waits for its acknowledgement."""
        return bool(self._done)

    def acknowledge(self) -> None:
        """Tell the broker what is dealt with. What came over a former connection comes again."""
        done, self._done = self._done, []
        for generation, number, qos in done:
            if generation == self.generation and self._main is not None:
                self._main.ack(number, qos)
                # Our word may be lost on its way; a number is used again after some 65,000 messages.
                self._acknowledged.append(number)
                if len(self._acknowledged) > REMEMBERED:
                    self._open.pop(self._acknowledged.popleft(), None)

    # -- what the bridge tells ---------------------------------------------------------------------------------------

    def connected(self) -> None:
        """In the bridge's turn, after its subscriptions went out: tell everybody."""
        self._home.registries.issues.delete("mqtt", CREDENTIALS_ISSUE)
        if self.is_scouting:
            return
        self.say(STATUS_TOPIC, "online", 1, True)
        if self._birth is not None:
            self.say(*self._birth[:2], self._birth.qos, self._birth.retain)

    def lost(self, bad_credentials: bool) -> None:
        """In the bridge's turn."""
        if bad_credentials:
            self._home.registries.issues.raise_issue(
                "mqtt", CREDENTIALS_ISSUE, severity="error",
                translation_placeholders={"broker": self.endpoint.address, "user": self.endpoint.username or "-"},
            )  # fmt: skip

    def remember(self, wanted: Mapping[str, int], *, tidy: bool) -> None:
        """Keep which filters the session has; `tidy`: take back those that nobody wants any more."""
        if not self.keeps_session or self.is_scouting or self._main is None or not self._main.connected:
            return
        filters = frozenset(wanted)
        stale = self._known_filters - filters
        if stale and tidy:
            self._main.unsubscribe(sorted(stale))
            stale = frozenset()
        if filters | stale != self._known_filters:
            self._known_filters = filters | stale
            kept = {"of": self._session_name(), "filters": sorted(self._known_filters)}
            self._home.storage.save_soon({SESSION_KEY: kept})

    # -- inside ------------------------------------------------------------------------------------------------------

    def _start_main(self) -> None:
        client_id = self._client_id() if self.keeps_session else f"marge-{ulid()[-10:].lower()}"
        self._main = self._make(client_id, self._hear, session=self.keeps_session, will=Will(STATUS_TOPIC, "offline"))
        self._main.start()
        if self._last is not None and not self.endpoint.is_own and self._presence is None:
            # MQTT has one last will a connection, and ours is taken.
            self._presence = MqttClient(
                f"{client_id}-will", self.endpoint, self._last, lambda _present: None, lambda _reason, _bad: None,
                lambda _heard: None,
            )  # fmt: skip

    def _make(
        self, client_id: str, take: Callable[[Heard], None], *, session: bool, will: Will | None = None
    ) -> MqttClient:
        self.generation += 1
        generation = self.generation
        return MqttClient(
            client_id, self.endpoint, will,
            on_up=lambda present: self._up(generation, present, session),
            on_down=lambda reason, bad: self._down(generation, reason, bad),
            on_message=take,
            keeps_session=session,
        )  # fmt: skip

    def _up(self, generation: int, present: bool, session: bool) -> None:
        """In paho's greenlet."""
        if session:
            self._before = self._open if present else {}
            self._open = {}
            self._acknowledged.clear()
            self._waiting = deque((0, 0, qos) for _generation, _number, qos in self._waiting)
            self._done.clear()
            scout, self._scout = self._scout, None
            if scout is not None:
                scout.close()
        if self._presence is not None and not self._presence.connected:
            if not self._presence.is_started:
                self._presence.start()
            else:
                self._presence.hurry()
        self._hand_over(Connected(generation))

    def _down(self, generation: int, reason: str, bad_credentials: bool) -> None:
        """In paho's greenlet."""
        if generation == self.generation:
            self._hand_over(ConnectionLost(generation, reason, bad_credentials))

    def _hear(self, heard: Heard) -> None:
        self._take(heard)

    def _hear_scout(self, heard: Heard) -> None:
        """What the session keeps for us comes with the session; all else is for now."""
        if heard.qos and not heard.retain and any(self._known.match(heard.topic)):
            return
        self._take(heard)

    def _client_id(self) -> str:
        """The same one at each start: the session goes by it. Waits for the database, once."""
        if self._name is None:
            stored = self.endpoint.client_id or self._home.storage.load(CLIENT_ID_KEY)
            if not isinstance(stored, str):
                stored = f"marge-{ulid()[-10:].lower()}"
                self._home.storage.save(CLIENT_ID_KEY, stored)
            self._name = stored
        return self._name

    def _session_name(self) -> str:
        endpoint = self.endpoint
        return f"{self._client_id()}@{endpoint.address}/{endpoint.username or ''}/{endpoint.protocol}"


def announcements(home: Home) -> tuple[Will | None, Will | None]:
    """The birth message and the last will, as the user's entry has them, in HA's words. None: not wanted."""
    for entry in home.registries.config_entries.for_domain("mqtt"):
        return _announcement(entry.options, "birth_message", BIRTH), _announcement(entry.options, "will_message", LAST)
    return BIRTH, LAST


def discovery_settings(home: Home) -> tuple[bool, str]:
    """Whether devices that announce themselves are taken, and below which topic."""
    for entry in home.registries.config_entries.for_domain("mqtt"):
        return bool(entry.options.get("discovery", True)), str(entry.options.get("discovery_prefix") or "homeassistant")
    return True, "homeassistant"


def _announcement(options: Mapping[str, Any], key: str, default: Will) -> Will | None:
    chosen = options.get(key)
    if not isinstance(chosen, Mapping):
        return default
    if not chosen.get("topic"):
        return None
    return Will(
        str(chosen["topic"]), str(chosen.get("payload", "")), bool(chosen.get("retain", False)),
        int(chosen.get("qos", 0)),
    )  # fmt: skip
