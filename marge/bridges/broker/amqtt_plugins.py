"""What Marge adds to amqtt, in its process: the accounts of mosquitto's files, and retained messages in a file."""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import hmac
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from amqtt.broker import RetainedApplicationMessage
from amqtt.contexts import Action
from amqtt.plugins.base import BaseAuthPlugin, BaseTopicPlugin

Rules = list[tuple[str, str]]
"""(`read`, `write`, `readwrite` or `deny`; topic filter)."""
MAX_ANSWERS = 100_000
SAVED_AT_ONCE, LAST_SAVE_S = 200, 5.0
_GRANTS = {"read": ("read", "readwrite"), "write": ("write", "readwrite")}


class Rights:
    """Who is known and which topics are whose, as mosquitto's `password_file` and `acl_file` say it."""

    def __init__(self, passwords: Path, acl: Path) -> None:
        self._passwords, self._acl = passwords, acl
        self._hashes: dict[str, str] = {}
        self._rules: dict[str | None, Rules] = {}
        self._believed: dict[str, bytes] = {}
        self._answers: dict[tuple[str | None, str, str], bool] = {}
        self.read()

    def read(self) -> None:
        """Read both files (again)."""
        lines = self._passwords.read_text("utf-8").splitlines()
        self._hashes = dict(line.split(":", 1) for line in lines if ":" in line)
        self._believed.clear()
        self._answers.clear()
        user: str | None = None
        rules: dict[str | None, Rules] = {None: []}
        for line in self._acl.read_text("utf-8").splitlines():
            word, _, rest = line.partition(" ")
            if word == "user":
                user = rest
                rules.setdefault(user, [])
            elif word == "topic":
                access, _, topic = rest.partition(" ")
                rules[user].append((access, topic))
        self._rules = rules

    def knows(self, username: str, password: str) -> bool:
        """Whether that is the user's password."""
        digest = hashlib.sha256(password.encode()).digest()
        if hmac.compare_digest(self._believed.get(username, b""), digest):
            return True
        try:
            _, kind, iterations, salt, wanted = self._hashes.get(username, "").split("$")
            raw = base64.b64decode(salt), base64.b64decode(wanted)
            made = hashlib.pbkdf2_hmac("sha512", password.encode(), raw[0], int(iterations), len(raw[1]))
        except (ValueError, OverflowError, binascii.Error):
            return False
        if kind != "7" or not hmac.compare_digest(made, raw[1]):
            return False
        self._believed[username] = digest  # a device that reconnects all the time costs nothing
        return True

    @property
    def anonymous(self) -> bool:
        return bool(self._rules[None])

    def may(self, username: str | None, topic: str, access: str) -> bool:
        """Whether the user may `read` or `write` the topic."""
        key = (username, topic, access)
        answer = self._answers.get(key)
        if answer is None:
            rules = self._rules.get(username, [])
            answer = any(kind in _GRANTS[access] and matches(pattern, topic) for kind, pattern in rules)
            if any(kind == "deny" and matches(pattern, topic) for kind, pattern in rules):
                answer = False
            if len(self._answers) >= MAX_ANSWERS:
                self._answers.clear()
            self._answers[key] = answer
        return answer


def matches(pattern: str, topic: str) -> bool:
    """MQTT 3.1.1, section 4.7: `#` and `+` do not stand for a first level that begins with `$`."""
    wanted, levels = pattern.split("/"), topic.split("/")
    if levels[0].startswith("$") != wanted[0].startswith("$"):
        return False
    for index, level in enumerate(wanted):
        if level == "#":
            return True
        if index >= len(levels) or level not in ("+", levels[index]):
            return False
    return len(wanted) == len(levels)


class MargePlugin(BaseAuthPlugin, BaseTopicPlugin):
    """Lets in who is known, to the topics that are theirs."""

    rights: ClassVar[Rights]
    retained: ClassVar[Retained]

    def __init__(self, context: Any) -> None:
        self.context = context
        self.config = context.config

    @dataclass
    class Config:
        """Nothing: the program sets `rights`."""

    async def on_broker_pre_start(self) -> None:
        """Before the first client."""
        self.retained.load()

    async def authenticate(self, *, session: Any) -> bool | None:
        if session.username:
            session.is_anonymous = False
            return self.rights.knows(session.username, session.password or "")
        session.is_anonymous = True
        return self.rights.anonymous

    async def topic_filtering(
        self, *, session: Any = None, topic: str | None = None, action: Action | None = None
    ) -> bool | None:
        if session is None or topic is None:
            return False
        username = session.username or None
        if action == Action.SUBSCRIBE:
            return True  # as mosquitto: what may not be read is not delivered
        return self.rights.may(username, topic, "write" if action == Action.PUBLISH else "read")


class Retained:
    """What the broker retains, in a file: a JSON list a line, `[topic, qos, payload in base64]`."""

    def __init__(self, broker: Any, directory: Path) -> None:
        self._broker = broker
        self._file = directory / "retained.jsonl"
        self._lines: dict[str, tuple[Any, str]] = {}
        self._saving: asyncio.Future[None] | None = None

    def load(self) -> None:
        """Retain what the file holds. A line that cannot be read is left out."""
        kept = self._broker.retained_messages
        try:
            lines = self._file.read_text("utf-8").splitlines()
        except FileNotFoundError:
            return
        for line in lines:
            try:
                topic, qos, payload = json.loads(line)
                if isinstance(topic, str) and qos in (None, 0, 1, 2):
                    kept[topic] = RetainedApplicationMessage(None, topic, base64.b64decode(payload), qos)
            except (ValueError, TypeError):
                continue

    def save_soon(self) -> None:
        """As `save`, beside what the broker does; when it is at it already, that one is enough."""
        if self._saving is None or self._saving.done():
            self._saving = asyncio.ensure_future(self._save_in_turns())

    async def save_last(self) -> None:
        """As `save`, after one that is under way."""
        if self._saving is not None:
            await asyncio.wait([self._saving], timeout=LAST_SAVE_S)
        self.save()

    def save(self) -> None:
        """All that is retained now, but for the broker's own figures."""
        lines: dict[str, tuple[Any, str]] = {}
        for topic in self._broker.retained_messages:
            self._add_line(lines, topic)
        self._write(lines)

    async def _save_in_turns(self) -> None:
        """10,000 announcements at once would hold everybody's messages for 50 ms."""
        lines: dict[str, tuple[Any, str]] = {}
        for number, topic in enumerate(list(self._broker.retained_messages)):
            if number % SAVED_AT_ONCE == 0:
                await asyncio.sleep(0)
            self._add_line(lines, topic)
        known = self._lines
        is_new = lines.keys() != known.keys() or any(known[each][0] is not lines[each][0] for each in lines)
        if is_new or not self._file.exists():
            await asyncio.get_running_loop().run_in_executor(None, self._write, lines)
        self._lines = lines

    def _add_line(self, lines: dict[str, tuple[Any, str]], topic: str) -> None:
        """The topic's line, made when it holds another message than at the last save."""
        kept = self._broker.retained_messages.get(topic)
        if kept is None or topic.startswith("$") or not kept.data:
            return
        known = self._lines.get(topic)
        if known is None or known[0] is not kept:
            known = kept, json.dumps([topic, kept.qos, base64.b64encode(bytes(kept.data)).decode()])
        lines[topic] = known

    def _write(self, lines: dict[str, tuple[Any, str]]) -> None:
        beside = self._file.with_suffix(".new")
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write("\n".join([line for _kept, line in lines.values()]))
        beside.replace(self._file)
