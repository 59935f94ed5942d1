"""The Hue bridge's HTTP API, version 1: its paths and its errors, which come with status 200."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from marge.bridges.lan.client import LanClient
from marge.errors import BridgeError, CredentialsNeeded, HomeError, InvalidRequest, Unreachable

DEVICE_TYPE = "marge#instance"
"""Who we are, as the bridge lists us."""
UNAUTHORIZED, NOT_AVAILABLE, BUTTON_NOT_PRESSED, DEVICE_IS_OFF = 1, 3, 101, 201
_NOT_FOUND = 404
_KEY = re.compile(r"[A-Za-z0-9_-]{1,64}")


class ButtonNotPressed(CredentialsNeeded):
    """The bridge makes friends for half a minute after its button was pressed."""


class OnlyPaired(BridgeError):
    """The bridge gave us a key, but did not answer to it. `key`: it."""

    def __init__(self, key: str, text: str) -> None:
        super().__init__(text)
        self.key = key


class Refused(BridgeError):
    """The bridge does not want to. `kind`: its number for the reason."""

    def __init__(self, kind: int, text: str) -> None:
        super().__init__(text)
        self.kind = kind


class HueApi:
    """Speaks with one bridge. `key`: its name for us (`username`), which is all the log-in there is.

    Raises:
        InvalidRequest: the key cannot be one.
    """

    def __init__(self, client: LanClient, key: str) -> None:
        if _KEY.fullmatch(key) is None:
            raise InvalidRequest("A bridge's user name consists of letters, digits, - and _")
        self._client, self._base = client, f"/api/{key}"

    def get(self, resource: str) -> Mapping[str, Any]:
        """Everything of a kind (`lights`), by its number.

        Raises:
            Unreachable, CredentialsNeeded, Refused: as they say.
        """
        return table(self._client.get_json(f"{self._base}/{resource}"), self._client)

    def config(self) -> Mapping[str, Any]:
        """The bridge about itself. What only speaks like one may tell it to everybody, and not to us.

        Raises:
            Unreachable, CredentialsNeeded, Refused: as they say.
        """
        answer = self._client.request("GET", f"{self._base}/config")
        if answer.status == _NOT_FOUND:
            answer = self._client.request("GET", "/api/config")
        return table(self._client.json_of(answer), self._client)

    def get_optional(self, resource: str) -> Mapping[str, Any]:
        """The same of what not everything has that speaks like a Hue bridge: nothing then.

        Raises:
            Unreachable, CredentialsNeeded: as they say.
        """
        answer = self._client.request("GET", f"{self._base}/{resource}")
        if answer.status == _NOT_FOUND:
            return {}
        try:
            return table(self._client.json_of(answer), self._client)
        except Refused:
            return {}

    def put(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Change something. What the bridge has done, by the last word of its name (`on`, `bri`).

        Raises:
            Unreachable, CredentialsNeeded: as they say. HomeError: it does not want to, with a reason for people.
        """
        reply = self._client.send_json("PUT", f"{self._base}/{path}", body)
        try:
            return done(reply, self._client)
        except Refused as exc:
            raise HomeError(str(exc)) from exc


def make_friends(client: LanClient) -> str:
    """A new name for us, from a bridge whose button was pressed just now.

    Raises:
        ButtonNotPressed: it was not. Unreachable, Refused: as they say.
    """
    reply = client.send_json("POST", "/api", {"devicetype": DEVICE_TYPE})
    _raise_first(reply, client)
    for each in reply if isinstance(reply, list) else []:
        name = each["success"].get("username") if _has(each, "success") else None
        if isinstance(name, str) and _KEY.fullmatch(name):
            return name
    raise _nonsense(client)


def table(reply: Any, client: LanClient) -> Mapping[str, Any]:
    """A reply that is an object.

    Raises:
        Unreachable: it is none. CredentialsNeeded, Refused: it is an error.
    """
    if not isinstance(reply, Mapping):
        _raise_first(reply, client)
        raise _nonsense(client)
    return reply


def done(reply: Any, client: LanClient) -> dict[str, Any]:
    """A reply to a command: what was done. Raises as `table`; also when only a part of it was done."""
    _raise_first(reply, client)
    if not isinstance(reply, list):
        raise _nonsense(client)
    found: dict[str, Any] = {}
    for each in reply:
        if _has(each, "success"):
            found |= {str(path).rpartition("/")[2]: value for path, value in each["success"].items()}
    return found


def _has(each: Any, name: str) -> bool:
    return isinstance(each, Mapping) and isinstance(each.get(name), Mapping)


def _raise_first(reply: Any, client: LanClient) -> None:
    if not isinstance(reply, list):
        return
    for each in reply:
        if _has(each, "error"):
            raise _error(each["error"].get("type"), client)


def _error(kind: Any, client: LanClient) -> BridgeError:
    """In our words: the bridge's are its own, and may hold paths with our key."""
    if kind == UNAUTHORIZED:
        return CredentialsNeeded(f"The Hue bridge at {client.address} does not know us; pair with it again")
    if kind == BUTTON_NOT_PRESSED:
        return ButtonNotPressed(
            f"Press the round button on the Hue bridge at {client.address}, then try again within 30 seconds"
        )
    number = kind if isinstance(kind, int) and not isinstance(kind, bool) else 0
    words = {NOT_AVAILABLE: "it knows no such lamp", DEVICE_IS_OFF: "the lamp is off"}
    return Refused(number, f"The Hue bridge refuses: {words.get(number, f'error {number}')}")


def _nonsense(client: LanClient) -> Unreachable:
    return Unreachable(f"What answers at {client.address} is no Hue bridge, or does not make sense")
