"""One client's conversation after the handshake: log-in, ids, commands, replies, subscriptions.

Not here: framing (`marge.http.websocket`), and what the commands do (`commands/`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import gevent
import structlog
import voluptuous as vol
from gevent.pool import Pool

from marge.errors import Unauthorized
from marge.http.turns import bracketed
from marge.http.ws import errors
from marge.http.ws.errors import describe_invalid, error_body
from marge.http.ws.registry import Command
from marge.http.ws_frames import encode_text_frame_of
from marge.model import MAX_READ_DEPTH, Context, dumps_anyhow, is_too_deep, loads, nests_too_deep
from marge.util.breathe import let_others_in

if TYPE_CHECKING:
    from marge.auth import AuthStore, User
    from marge.home import Home
    from marge.http.websocket import WebSocket

log = structlog.get_logger("marge.http")

MAX_WAITING = 64
"""Commands of one client that wait at the same time; the next one waits for a place, and with it the client."""
MAX_SUBSCRIPTIONS = 10_000
COMMANDS_A_TURN = 16
HEAD_START_S = 0.002
"""So long the client's next command waits for one that runs: quick ones are answered in order, as HA does, and a slow
one holds up nothing."""
POLICY_VIOLATION = 1008


class Session:
    """What commands get: who asks, the home, and ways to answer. Used on the hub only; sending never waits.

    Attributes:
        user, token_id: who logged in, as they are now, and by which refresh or long-lived token (None with a static
            token).
        features: what the client can take, from `supported_features`.
    """

    def __init__(
        self, home: Home, websocket: WebSocket, commands: dict[str, Command], user: User, token_id: str | None
    ) -> None:
        self.home = home
        self._user = user
        self._auth: AuthStore = home.shared["auth"]
        self.token_id = token_id
        self.features: dict[str, int] = {}
        self.received = 0
        self._websocket = websocket
        self._commands = commands
        self._last_id = 0
        self._ended = False
        self._subscriptions: dict[int, Callable[[], None]] = {}
        self._waiting = Pool(MAX_WAITING)
        self._youngest: gevent.Greenlet | None = None
        self._pending: list[bytes] = []
        self._ended = False

    @property
    def user(self) -> User:
        """Who logged in. Rights that were taken away meanwhile are gone here, too."""
        return self._auth.user(self._user.id) or self._user

    @property
    def remote(self) -> str:
        """The client's address."""
        return self._websocket.remote

    # -- answering ---------------------------------------------------------------------------------------------------

    def send(self, payload: bytes) -> None:
        """Queue one message, JSON made. With `coalesce_messages`, what one turn of the hub sends becomes one frame."""
        if not self.features.get("coalesce_messages"):
            self._websocket.send(payload)
            return
        self._pending.append(payload)
        if len(self._pending) == 1:
            gevent.get_hub().loop.run_callback(self._flush)

    def send_frame(self, frame: bytes, payload: bytes) -> None:
        """As `send`, with a frame made once for several clients."""
        if self.features.get("coalesce_messages"):
            self.send(payload)
        else:
            self._websocket.send_frame(frame)

    def _flush(self) -> None:
        pending, self._pending = self._pending, []
        if len(pending) == 1:
            self._websocket.send(pending[0])
        elif pending:
            self._websocket.send(b"[" + b",".join(pending) + b"]")

    def result(self, message_id: int, result: Any = None) -> None:
        """The reply of a command that succeeded."""
        self.send(dumps_anyhow({"id": message_id, "type": "result", "success": True, "result": result}))

    def result_json(self, message_id: int, result: bytes) -> None:
        """As `result`, with the JSON of the result made already."""
        self.send(b'{"id":%d,"type":"result","success":true,"result":%s}' % (message_id, result))

    def result_list(self, message_id: int, items: Sequence[bytes]) -> None:
        """As `result`, with a list of which each item's JSON is made already; for long ones."""
        parts = bracketed(items, b'{"id":%d,"type":"result","success":true,"result":[' % message_id, b"]}")
        if self._pending:
            self._flush()  # what was queued before comes before
        self._websocket.send_frame(encode_text_frame_of(parts))

    def error(self, message_id: Any, code: str, message: str | dict[str, Any]) -> None:
        """The reply of a command that failed; for a form the texts by field."""
        self._send_error(message_id, {"code": code, "message": message})

    def _send_error(self, message_id: Any, body: dict[str, Any]) -> None:
        self.send(dumps_anyhow({"id": message_id, "type": "result", "success": False, "error": body}))

    def event(self, message_id: int, event: Any) -> None:
        """One message of a subscription."""
        self.send(dumps_anyhow({"id": message_id, "type": "event", "event": event}))

    # -- subscriptions -----------------------------------------------------------------------------------------------

    def subscribe(self, message_id: int, cancel: Callable[[], None]) -> None:
        """Remember how to end the subscription that the message with this id made."""
        if self._ended:
            cancel()
            return
        if len(self._subscriptions) >= MAX_SUBSCRIPTIONS:
            cancel()
            raise errors.CommandError("home_assistant_error", f"more than {MAX_SUBSCRIPTIONS} subscriptions")
        self._subscriptions[message_id] = cancel

    def unsubscribe(self, subscription_id: int) -> bool:
        """End a subscription. False: there is none of that id."""
        cancel = self._subscriptions.pop(subscription_id, None)
        if cancel is None:
            return False
        cancel()
        return True

    def context(self) -> Context:
        """A fresh context of this user."""
        return Context(user_id=self.user.id)

    def describe(self) -> dict[str, Any]:
        return {
            "user": self.user.name,
            "remote": self._websocket.remote,
            "received": self.received,
            "queued": self._websocket.queued,
            "subscriptions": len(self._subscriptions),
            "waiting_commands": len(self._waiting),
        }

    # -- the conversation --------------------------------------------------------------------------------------------

    def handle_text(self, text: str) -> bool:
        """Handle one frame. False: not JSON, and the connection is to be closed, as HA does."""
        try:
            data = loads(text)
        except ValueError:
            return False
        has_deep = nests_too_deep(text, data)
        if not isinstance(data, list):
            self._refuse_deep(data) if has_deep else self._handle(data)
            return True
        for number, message in enumerate(data, 1):
            self._refuse_deep(message) if has_deep and is_too_deep(message, MAX_READ_DEPTH) else self._handle(message)
            if number % COMMANDS_A_TURN == 0:
                let_others_in()  # one frame may hold 100,000 commands
                if not self._websocket.is_open:
                    return False
        return True

    def _refuse_deep(self, message: Any) -> None:
        """Refuse what could not be written again, with its id if that is a good one."""
        self.received += 1
        message_id = message.get("id") if isinstance(message, dict) else 0
        if type(message_id) is int and message_id > self._last_id:
            self._last_id = message_id
        shown = message_id if type(message_id) is int else None
        self.error(shown, errors.INVALID_FORMAT, "Message incorrectly formatted.")

    def _handle(self, message: Any) -> None:
        if self._ended:
            return
        self.received += 1
        if not isinstance(message, dict):
            self.error(0, errors.INVALID_FORMAT, "Message incorrectly formatted.")
            return
        message_id, name = message.get("id"), message.get("type")
        if type(message_id) is not int or message_id < 1 or type(name) is not str:
            if isinstance(message_id, (dict, list)):
                message_id = None  # nested as deep as it likes: not echoed
            self.error(message_id, errors.INVALID_FORMAT, "Message incorrectly formatted.")
            return
        if message_id <= self._last_id:
            self.error(message_id, errors.ID_REUSE, "Identifier values have to increase.")
            return
        found = self._commands.get(name)
        if found is None:
            self.error(message_id, errors.UNKNOWN_COMMAND, "Unknown command.")
            return
        self._last_id = message_id
        try:  # in the order of arrival, also for commands that wait: a refusal overtakes nothing
            if found.admin and not self.user.is_admin:
                raise Unauthorized("Unauthorized")
            valid = self._validated(found, message)
        except Exception as exc:  # noqa: BLE001 - the border: one command
            self._send_error(message_id, error_body(exc, found.name))
            return
        last, self._youngest = self._youngest, None
        if last is not None:
            last.join(HEAD_START_S)
        if found.waits:
            self._youngest = self._waiting.spawn(self._run, found, valid)
        else:
            self._run(found, valid)

    def _run(self, found: Command, message: dict[str, Any]) -> None:
        try:
            found.handler(self, message)
        except gevent.Timeout as exc:  # a deadline that leaked is this command's end, not the connection's
            self._send_error(message["id"], error_body(TimeoutError(str(exc)), found.name))
        except Exception as exc:  # noqa: BLE001 - the border: one command
            self._send_error(message["id"], error_body(exc, found.name))

    def _validated(self, found: Command, message: dict[str, Any]) -> dict[str, Any]:
        if found.schema is None:
            if len(message) > 2:
                raise errors.InvalidMessage(describe_invalid(message, vol.Invalid("extra keys not allowed")))
            return message
        try:
            valid: dict[str, Any] = found.schema(message)
        except vol.Invalid as exc:
            raise errors.InvalidMessage(describe_invalid(message, exc)) from exc
        return valid

    def revoked(self) -> None:
        """The token that logged this client in is gone: nothing more is answered, and it is shown out."""
        self._ended = True
        self.finish()
        self._websocket.close(POLICY_VIOLATION, "the token was revoked")

    def finish(self) -> None:
        """The connection is over: end subscriptions and running commands."""
        self._ended = True
        subscriptions, self._subscriptions = self._subscriptions, {}
        for cancel in subscriptions.values():
            cancel()
        self._waiting.kill(block=False)
