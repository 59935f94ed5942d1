"""A user name and a password, shown to a device as it asks: basic, or digest (RFC 7616, SHA-256 or MD5, `qop=auth`)."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from collections.abc import Callable, Mapping

_PAIR = re.compile(r'([A-Za-z0-9_-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))')
MAX_CHALLENGE = 2_000


class PasswordLogin:
    """Sends nothing before it is asked, and then only what does not give the password away, if the device can do that.

    Attributes:
        may_be_basic: whether the device is of a kind that knows no better. Otherwise whoever answers at its address
            could have the password by asking.

    Args:
        cnonce: makes the client's part of a digest; another one in tests only.
    """

    def __init__(self, username: str, password: str, cnonce: Callable[[], str] = lambda: secrets.token_hex(16)) -> None:
        self._username, self._password = username, password
        self._cnonce = cnonce
        self.may_be_basic = False
        self._basic = False
        self._challenge: Mapping[str, str] | None = None
        self._count = 0

    def challenged(self, challenge: str) -> bool:
        """A request was refused with this `WWW-Authenticate`. Whether to try again: not with what was refused."""
        kind, _, rest = challenge[:MAX_CHALLENGE].strip().partition(" ")
        if kind.lower() == "basic" and self.may_be_basic:
            first, self._basic = not self._basic, True
            return first
        if kind.lower() != "digest":
            return False
        asked = {name.lower(): quoted or bare for name, quoted, bare in _PAIR.findall(rest)}
        if _hash_of(asked) is None or "nonce" not in asked or "realm" not in asked or not _offers_auth(asked):
            return False
        before, self._challenge, self._count = self._challenge, asked, 0
        # The same user and password again make sense only where the last challenge had grown old.
        return before is None or before["nonce"] != asked["nonce"]

    def header(self, method: str, path: str) -> str | None:
        """The value of `Authorization`; None: nobody has asked yet."""
        if self._challenge is not None:
            return self._digest(self._challenge, method, path)
        if self._basic:
            both = f"{self._username}:{self._password}".encode()
            return "Basic " + base64.b64encode(both).decode()
        return None

    def _digest(self, asked: Mapping[str, str], method: str, path: str) -> str:
        hashed = _hash_of(asked)
        assert hashed is not None
        self._count += 1
        count, cnonce, nonce, realm = f"{self._count:08x}", self._cnonce(), asked["nonce"], asked["realm"]
        mine = hashed(f"{self._username}:{realm}:{self._password}")
        what = hashed(f"{method}:{path}")
        told = {"username": self._username, "realm": realm, "nonce": nonce, "uri": path}
        bare = {}
        if "qop" in asked:
            told["response"] = hashed(f"{mine}:{nonce}:{count}:{cnonce}:auth:{what}")
            told["cnonce"] = cnonce
            bare = {"qop": "auth", "nc": count}
        else:
            told["response"] = hashed(f"{mine}:{nonce}:{what}")
        if "algorithm" in asked:
            bare["algorithm"] = asked["algorithm"]
        if "opaque" in asked:
            told["opaque"] = asked["opaque"]
        pairs = [f'{name}="{_quoted(value)}"' for name, value in told.items()]
        return "Digest " + ", ".join(pairs + [f"{name}={value}" for name, value in bare.items()])


def _hash_of(asked: Mapping[str, str]) -> Callable[[str], str] | None:
    name = asked.get("algorithm", "MD5").upper()
    if name == "SHA-256":
        return lambda text: hashlib.sha256(text.encode()).hexdigest()
    if name == "MD5":
        return lambda text: hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
    return None


def _offers_auth(asked: Mapping[str, str]) -> bool:
    return "qop" not in asked or "auth" in [each.strip() for each in asked["qop"].split(",")]


def _quoted(text: str) -> str:
    """A header has one line."""
    return re.sub(r"[\r\n\0]", "", text).replace("\\", "\\\\").replace('"', '\\"')
