"""Who may come to the broker that Marge starts, and which topics are theirs. Text for its files; no process, no I/O.

Offered as `home.shared["mqtt_accounts"]` while there is such a broker.
"""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from marge.actors import native
from marge.config.mqtt_values import RESERVED_USER, MqttUser

SHARED = "mqtt_accounts"
ITERATIONS = 1_000
"""Of a person's password. The broker computes it while everybody waits: 1 ms each; a thousand devices come at once."""
MACHINE_ITERATIONS = 10
"""Of a random password: nobody guesses 192 bits, however fast the hash is."""
_SALT_BYTES, _HASH_BYTES = 12, 64
_ACCOUNT = re.compile(r"[a-z0-9_.-]{1,48}")
PRIVATE = "marge/bridge/#"
"""What a bridge says about its own devices: not for clients without a name."""


class Credential(NamedTuple):
    """What a client shows. It is for memory, private files and environments; never for logs or arguments."""

    username: str
    password: str

    def __repr__(self) -> str:
        return f"Credential({self.username})"


@dataclass(frozen=True, slots=True)
class Account:
    """One account. `publish`, `subscribe`: topic filters; None: everything."""

    username: str
    hash: str = field(repr=False)
    publish: tuple[str, ...] | None = None
    subscribe: tuple[str, ...] | None = None


def hashed(password: str, iterations: int = ITERATIONS) -> str:
    """The password as mosquitto's file has it (PBKDF2 with SHA-512). Computes: not on the hub for many."""
    salt = secrets.token_bytes(_SALT_BYTES)
    digest = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, iterations, _HASH_BYTES)
    return f"$7${iterations}${base64.b64encode(salt).decode()}${base64.b64encode(digest).decode()}"


class Accounts:
    """All accounts of the broker. Callable from anywhere on the hub; nothing here waits but `set_users`.

    Attributes:
        anonymous: clients may come without a name. is_filled: the files' users were set once.
    """

    def __init__(self, anonymous: bool) -> None:
        self.anonymous = anonymous
        self.is_filled = False
        self._users: dict[str, Account] = {}
        self._machines: dict[str, tuple[Account, Credential]] = {}
        self._listeners: list[Callable[[], None]] = []
        self.marge = self._machine(RESERVED_USER, None, None)
        """Marge's own: a new password each time Marge starts."""

    def account(self, name: str, publish: Iterable[str] = (), subscribe: Iterable[str] = ()) -> Credential:
        """The account `marge-<name>` of a part of Marge or of a bridge, with these topics and no others.

        The same name has the same password until Marge ends. The broker takes it a moment later (`SIGHUP`).

        Raises:
            ValueError: no such name can be.
        """
        if not _ACCOUNT.fullmatch(name):
            raise ValueError(f"{name!r} is no account's name")
        return self._machine(f"{RESERVED_USER}-{name}", tuple(publish), tuple(subscribe))

    def close(self, name: str) -> None:
        """That account is no more; its client is thrown out."""
        if self._machines.pop(f"{RESERVED_USER}-{name}", None) is not None:
            self._changed()

    def set_users(self, users: Iterable[MqttUser]) -> None:
        """These are the users from now on. Waits for the hashes, which are made beside the hub."""
        made = [(user, native.run(hashed, user.password)) for user in users]
        self.is_filled = True
        self._users = {user.name: Account(user.name, text, user.publish, user.subscribe) for user, text in made}
        self._changed()

    def listen(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener()` after each change; it must not wait. Returns the function that ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def all(self) -> list[Account]:
        return [*(account for account, _credential in self._machines.values()), *self._users.values()]

    def password_file(self) -> str:
        """mosquitto's `password_file`."""
        return "".join(f"{each.username}:{each.hash}\n" for each in self.all())

    def acl_file(self) -> str:
        """mosquitto's `acl_file`. Rules above the first user are those of clients without a name."""
        lines: list[str] = []
        if self.anonymous:
            lines += [f"topic deny {PRIVATE}", "topic readwrite #", "topic read $SYS/#"]
        for each in self.all():
            lines += ["", f"user {each.username}"]
            both = each.publish is None and each.subscribe is None
            if both:
                lines += ["topic readwrite #", "topic read $SYS/#"]
                continue
            lines += [f"topic write {topic}" for topic in (("#",) if each.publish is None else each.publish)]
            lines += [f"topic read {topic}" for topic in (("#",) if each.subscribe is None else each.subscribe)]
        return "\n".join(lines) + "\n"

    def _machine(self, username: str, publish: tuple[str, ...] | None, subscribe: tuple[str, ...] | None) -> Credential:
        known = self._machines.get(username)
        if known is not None and (known[0].publish, known[0].subscribe) == (publish, subscribe):
            return known[1]
        credential = known[1] if known is not None else Credential(username, secrets.token_urlsafe(24))
        account = Account(username, hashed(credential.password, MACHINE_ITERATIONS), publish, subscribe)
        self._machines[username] = (account, credential)
        self._changed()
        return credential

    def _changed(self) -> None:
        for listener in list(self._listeners):
            listener()
