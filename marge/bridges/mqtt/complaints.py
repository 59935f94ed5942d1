"""Messages that could not be understood: said once a topic, counted always, and never more than a log can bear.

Not here: what is wrong with a message.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import structlog
import voluptuous as vol

from marge.errors import MargeError

if TYPE_CHECKING:
    from marge.bridges.mqtt.incoming import Incoming

log = structlog.get_logger("marge.bridges.mqtt")

MAX_TOPICS = 2_000
"""Topics that are remembered as complained about, the oldest are forgotten first."""
LINES, WINDOW_S = 200, 60.0
"""So many lines in such a time; what is beyond is told as one number when the time is over."""
_EXPECTED = (MargeError, ValueError, KeyError, TypeError, vol.Invalid)


class Complaints:
    """What was complained about. One writer: the MQTT bridge.

    Attributes:
        total: messages that were not understood. kinds: how many by what they were (`announcement`, `message`).
    """

    def __init__(self) -> None:
        self.total = 0
        self.kinds: Counter[str] = Counter()
        self._topics: OrderedDict[str, None] = OrderedDict()
        self._window_began = 0.0
        self._lines = 0
        self._silent = 0

    def __bool__(self) -> bool:
        return bool(self._topics)

    def understood(self, topic: str) -> None:
        """The next message on the topic that is wrong is news again."""
        self._topics.pop(topic, None)

    def note(self, message: Incoming, error: Exception, now: float) -> None:
        """A message was not understood.

        Args:
            now: seconds of a clock that does not go back.
        """
        self.total += 1
        self.kinds["announcement" if message.topic.endswith("/config") else "message"] += 1
        unexpected = not isinstance(error, _EXPECTED)
        text = str(error) if isinstance(error, (MargeError, ValueError)) else f"{type(error).__name__}: {error}"
        if message.topic in self._topics:
            self._topics.move_to_end(message.topic)
            log.debug("message not understood", topic=message.topic[:500], reason=text[:500])
            return
        self._topics[message.topic] = None
        if len(self._topics) > MAX_TOPICS:
            self._topics.popitem(last=False)
        if not self._may_speak(now):
            self._silent += 1
            return
        facts: Mapping[str, Any] = {"exc_info": error} if unexpected else {}
        # Not the payload: it may hold an alarm's code.
        log.warning(
            "message not understood", topic=message.topic[:500], reason=text[:500], size=len(message.payload), **facts
        )

    def _may_speak(self, now: float) -> bool:
        if now - self._window_began > WINDOW_S:
            if self._silent:
                log.warning("more messages were not understood", topics=self._silent)
            self._window_began, self._lines, self._silent = now, 0, 0
        self._lines += 1
        return self._lines <= LINES
