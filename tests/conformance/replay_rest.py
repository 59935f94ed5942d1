"""Sends the rows of `rest.jsonl` one after the other and compares the replies."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import requests

from marge.auth import USER
from tests.conformance.area import Area
from tests.conformance.identity import Identities
from tests.conformance.volatile import HOST_FACTS, differences, shape_differences
from tests.support.home import CLIENT_ID, TIMEOUT_S, HomeServer

HEADERS = (
    "Access-Control-Allow-Headers", "Access-Control-Allow-Methods", "Access-Control-Allow-Origin", "Allow",
    "Cache-Control", "Location", "Pragma", "Referrer-Policy", "X-Content-Type-Options", "X-Frame-Options",
)  # fmt: skip
ALWAYS_SENT = ("Referrer-Policy", "X-Content-Type-Options", "X-Frame-Options")  # HA leaves them out of its 500
PASSWORD = "admin"  # the recording's own
TROUBLE = "500 Internal Server Error"
_PLACEHOLDER = re.compile(r"<[a-z_0-9]+>")
_PICTURE = re.compile(r"/api/(?:camera|image|media_player)_proxy/([a-z_0-9.]+)\?token=<token>")

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_RECORDED_ON = date(2026, 11, 20)
_ZONE = ZoneInfo("America/Denver")
_FILE = re.compile(r"<file (.+)>")
_BINARY = re.compile(r"<\d+ bytes binary>")
_DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a49444154789c6360000000020001"
    "48afa4710000000049454e44ae426082"
)
"""A picture of one dot, as large as the recorded one."""


def _part(value: str) -> tuple[str, bytes, str] | tuple[None, str]:
    """One part of a form: `<file a.png>` is a file of that name."""
    file = _FILE.fullmatch(value)
    if file is None:
        return None, value
    name = file[1]
    return (name, _DOT, "image/png") if name.endswith(".png") else (name, b"hello", "text/plain")


class RestReplay:
    """One run through the recording. Codes, tokens and flows of earlier replies are put into later requests."""

    def __init__(self, server: HomeServer, areas: Area, recorded: list[dict[str, Any]]) -> None:
        """Args: recorded: all rows, to know what their ids stand for."""
        self.server = server
        self.areas = areas
        self.identities = Identities(server, [row["response"]["body"] for row in recorded])
        self.known: dict[str, str] = {"<password>": PASSWORD}
        self.fresh_access = ""
        self.revoked_access = ""

    def check(self, row: dict[str, Any]) -> list[str]:
        """Send one row; what differs from its recorded reply."""
        before = self.areas.before.get(row["name"])
        if before is not None:
            before(self.server)
        reply = self._send(row)
        self._learn(row, reply)
        found = self._compare(row, reply)
        if row["name"] in self.areas.rest_otherwise:
            status, _reason = self.areas.rest_otherwise[row["name"]]
            return [] if reply.status_code == status else [f"{found} is not the agreed {status}"]
        return found

    def finish_onboarding(self) -> None:
        """For a replay that leaves the first rows out."""
        self.server.add_users()

    # -- sending -----------------------------------------------------------------------------------------------------

    def _send(self, row: dict[str, Any]) -> requests.Response:
        request = row["request"]
        headers = {
            name: self._bearer(row["name"]) if value.lower() == "bearer <token>" and value[0] == "B" else value
            for name, value in request["headers"].items()
            if not value.startswith("multipart/")
        }
        more: dict[str, Any] = {}
        body = request.get("body")
        if isinstance(body, dict) and "__raw__" in body:
            more["data"] = body["__raw__"].encode()
        elif isinstance(body, dict) and "__form__" in body:
            more["data"] = {name: self._filled(value, row["name"]) for name, value in body["__form__"].items()}
        elif isinstance(body, dict) and "__multipart__" in body:
            parts = body["__multipart__"]
            more["files"] = {name: _part(self._filled(value, row["name"])) for name, value in parts.items()}
        elif body is not None:
            more["json"] = self._filled_in(body, row["name"])
        path = self._filled(request["path"], row["name"])
        if path.startswith("/api/calendars/"):
            path = self._today(path)
        prepared = requests.Request(request["method"], self.server.url + path, headers=headers, **more).prepare()
        for name in ("Content-Type", "Accept-Encoding"):
            if name not in headers and "multipart" not in prepared.headers.get(name, ""):
                prepared.headers.pop(name, None)
        with requests.Session() as session:
            if "first bytes" not in row["name"]:
                return session.send(prepared, timeout=TIMEOUT_S, allow_redirects=False)
            reply = session.send(prepared, timeout=TIMEOUT_S, allow_redirects=False, stream=True)
            self._read_first(reply, row)
            return reply

    def _today(self, text: str) -> str:
        """The dates in a text as far from the home's day as they were from that of the recording: the demo's calendars
        have their events today."""
        later = datetime.fromtimestamp(self.server.home.clock.now(), _ZONE).date() - _RECORDED_ON
        return _DATE.sub(lambda found: (date.fromisoformat(found[0]) + later).isoformat(), text)

    def _read_first(self, reply: requests.Response, row: dict[str, Any]) -> None:
        """Of a reply without an end: what the recording has of it. What was done meanwhile is done after the first."""
        mark = b"\n\n" if "event-stream" in str(row["response"]["content_type"]) else b"Content-Length"
        wanted = max(str(row["response"]["body"]).encode().count(mark), 1)
        stimulus = self.areas.stimuli.get(row["name"])
        body = b""
        for chunk in reply.iter_content(None):
            body += chunk
            if stimulus is not None:
                stimulus.run(self.server)
                stimulus = None
            if body.count(mark) >= wanted:
                break
        reply.close()
        reply._content = body  # a stream that was cut off: what came of it is its body

    def _bearer(self, name: str) -> str:
        if "whose refresh token was revoked" in name:
            return f"Bearer {self.revoked_access}"
        if "fresh access token" in name and self.fresh_access:
            return f"Bearer {self.fresh_access}"
        self._ensure_users()
        return f"Bearer {self.server.user_token if 'non-admin' in name else self.server.admin_token}"

    def _ensure_users(self) -> None:
        store = self.server.auth
        owner = store.owner()
        if owner is not None and not self.server.admin_token:
            self.server.admin_token = store.create_long_lived(owner, "replay")[0]
            user = store.create_user("User", "user", PASSWORD, USER)
            self.server.user_token = store.create_long_lived(user, "replay")[0]

    def _filled_in(self, value: Any, name: str) -> Any:
        if isinstance(value, dict):
            return {key: self._filled_in(each, name) for key, each in value.items()}
        if isinstance(value, list):
            return [self._filled_in(each, name) for each in value]
        return self._filled(value, name) if isinstance(value, str) else value

    def _filled(self, text: str, name: str) -> str:
        picture = _PICTURE.match(text)
        if picture is not None and "bad token" not in name:
            entity = self.server.home.entities.owned[picture[1]]
            text = text.replace("<token>", entity.access_token)  # type: ignore[attr-defined]
        ours: str = self.identities.ours(text)
        return _PLACEHOLDER.sub(lambda found: self._secret(found.group(), name), ours)

    def _secret(self, placeholder: str, name: str) -> str:
        store, owner = self.server.auth, self.server.auth.owner()
        if placeholder == "<flow_id>" and "as user name" in name:
            return self._new_flow()
        if placeholder == "<token>" and "after revoke" in name:
            return self.known["<refresh_token2>"]
        if placeholder == "<token>" and owner is not None and "multipart" in name:
            return store.create_refresh_token(owner, CLIENT_ID)[0]
        if placeholder in self.known:
            return self.known[placeholder]
        makers: dict[str, Callable[[], str]] = {
            "<auth_code4>": lambda: store.create_code(owner, CLIENT_ID) if owner else "",
            "<code>": lambda: store.create_code(owner, CLIENT_ID) if owner else "",
            "<flow_id2>": self._new_flow,
            "<flow_id3>": self._new_flow,
            "<refresh_token>": self._new_refresh_token,
            "<refresh_token2>": self._new_refresh_token,
            "<refresh_token3>": self._new_refresh_token,
        }
        made = makers[placeholder]() if placeholder in makers else placeholder
        self.known[placeholder] = made
        return made

    def _new_refresh_token(self) -> str:
        store, owner = self.server.auth, self.server.auth.owner()
        assert owner is not None
        secret, token = store.create_refresh_token(owner, CLIENT_ID)
        self.revoked_access = self.revoked_access or store.access_token(token)
        return secret

    def _new_flow(self) -> str:
        body = {"client_id": CLIENT_ID, "handler": ["homeassistant", None], "redirect_uri": CLIENT_ID}
        return str(self.server.rest("POST", "/auth/login_flow", body, token=None).json()["flow_id"])

    # -- what came back ----------------------------------------------------------------------------------------------

    def _learn(self, row: dict[str, Any], reply: requests.Response) -> None:
        try:
            body = reply.json()
        except ValueError:
            return
        self.identities.learn(row["response"]["body"], body)
        if not isinstance(body, dict):
            return
        recorded = row["response"]["body"]
        if "webhook_id" in body and isinstance(recorded, dict):
            self.known[recorded["webhook_id"]] = body["webhook_id"]
        if "auth_code" in body:
            self.known["<auth_code>"] = body["auth_code"]
        if body.get("type") == "create_entry" and row["request"]["path"].startswith("/auth/login_flow"):
            self.known["<auth_code>"] = body["result"]
        if "refresh_token" in body:
            self.known["<token>"] = body["refresh_token"]
            self.fresh_access = body["access_token"]
        if row["name"] == "login_flow: start (homeassistant provider)":
            self.known["<flow_id>"] = body["flow_id"]
        if "redirect_uri not matching client_id" in row["name"]:
            self.known["<flow_id_evil>"] = body["flow_id"]

    def _compare(self, row: dict[str, Any], reply: requests.Response) -> list[str]:
        response = row["response"]
        if reply.status_code != response["status"]:
            return [f"status {response['status']} became {reply.status_code}: {reply.text[:120]}"]
        found = []
        wanted = response.get("content_type")
        content_type = reply.headers.get("Content-Type")
        if wanted is not None and content_type != wanted:
            found.append(f"content type {wanted!r} became {content_type!r}")
        recorded = {name.lower(): value for name, value in (response.get("headers") or {}).items()}
        for name in HEADERS if recorded else ():
            value = reply.headers.get(name)
            if name == "Cache-Control" and row["request"]["path"] == "/":
                continue
            if recorded.get(name.lower()) != value and (name.lower() in recorded or name not in ALWAYS_SENT):
                found.append(f"header {name}: {recorded.get(name.lower())!r} became {value!r}")
        expected = response["body"]
        actual: Any = reply.text
        if str(wanted).startswith(("application/json", "application/manifest+json")) and content_type == wanted:
            actual = reply.json()
        if _BINARY.fullmatch(str(expected)):
            return found if reply.content else [*found, "nothing came"]
        if row["name"] in self.areas.instance:
            return found + shape_differences(expected, actual, "body")
        if reply.status_code == 500 and str(expected).startswith(TROUBLE):
            expected = actual = ""  # HA says nothing; Marge may give a reason
        if "first bytes" in row["name"]:
            return found + _first_differences(str(expected), str(actual))
        facts = HOST_FACTS.get(row["request"]["path"], set())
        if isinstance(expected, dict) and isinstance(actual, dict):
            expected = {name: value for name, value in expected.items() if name not in facts}
            actual = {name: value for name, value in actual.items() if name not in facts}
        return found + differences(expected, actual, "body", self.areas.facts.get(row["name"], frozenset()))


def _first_differences(expected: str, actual: str) -> list[str]:
    """Of server-sent events each one; of a stream of pictures the head of the first."""
    if not expected.startswith("data: "):
        expected, actual = expected.partition("Content-Length")[0], actual.partition("Content-Length")[0]
        return differences(expected, actual, "body")
    pairs = zip(*(text.rstrip("\n").split("\n\n") for text in (expected, actual)), strict=False)
    found = [] if expected.count("\n\n") <= actual.count("\n\n") else [f"too little: {actual[:300]}"]
    for one, other in pairs:
        both = [each.removeprefix("data: ") for each in (one, other)]
        events = [json.loads(each) if each.startswith("{") else each for each in both]
        found += differences(events[0], events[1], "event")
    return found
