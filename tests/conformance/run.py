"""Replays one recording against a running home and says, row by row, what differs."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from tests.conformance.area import all_areas
from tests.conformance.home import recorded_home, rows
from tests.conformance.mqtt_rows import PLAYS
from tests.conformance.replay_mqtt import MqttReplay, mqtt_home
from tests.conformance.replay_rest import RestReplay
from tests.conformance.replay_ws import WebSocketReplay


@dataclass
class Outcome:
    """How a replay went.

    Attributes:
        failed: what differs, by the row's name; also of rows whose miss is explained.
        passed, total: rows by family.
        explained: reasons by the row's name, for rows that fail.
        skipped: reasons by the name of rows that were not replayed.
    """

    title: str
    failed: dict[str, list[str]] = field(default_factory=dict)
    passed: Counter[str] = field(default_factory=Counter)
    total: Counter[str] = field(default_factory=Counter)
    explained: dict[str, str] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def unexplained(self) -> dict[str, list[str]]:
        return {name: found for name, found in self.failed.items() if name not in self.explained}

    @property
    def outdated(self) -> set[str]:
        """Rows said to miss that pass."""
        return self.explained.keys() - self.failed.keys()

    @property
    def level(self) -> float:
        """The share of all recorded rows that pass; rows that cannot be replayed are left out."""
        return self.passed.total() / max(self.total.total(), 1)

    def table(self) -> str:
        """Passed and total by family."""
        lines = [f"{self.title}: {self.passed.total()} of {self.total.total()} rows ({self.level:.1%})"]
        lines += [f"  {name:44} {self.passed[name]:4} of {self.total[name]:4}" for name in sorted(self.total)]
        if self.skipped:
            lines.append(f"  not replayed: {len(self.skipped)}")
        return "\n".join(lines)

    def details(self) -> str:
        """Every row that fails, and how."""
        lines = []
        for name, found in self.failed.items():
            reason = self.explained.get(name)
            lines.append(f"{'explained' if reason else 'FAILED'}: {name}" + (f" ({reason})" if reason else ""))
            lines += [f"    {each[:300]}" for each in found[:8]]
        lines += [f"PASSES NOW, take it out of the misses: {name}" for name in sorted(self.outdated)]
        return "\n".join(lines)


def numbered(all_rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows, a second one of a name being called "name (2)"."""
    seen: Counter[str] = Counter()
    named = []
    for row in all_rows:
        seen[row["name"]] += 1
        count = seen[row["name"]]
        named.append(row if count == 1 else {**row, "name": f"{row['name']} ({count})"})
    return named


def rest_family(row: dict[str, Any]) -> str:
    parts = row["request"]["path"].partition("?")[0].split("/")
    return "/".join(parts[: 4 if parts[1:3] == ["api", "config"] else 3]) or "/"


def ws_kinds(row: dict[str, Any]) -> list[str]:
    messages = [each for part in row["send"] for each in (part if isinstance(part, list) else [part])]
    return [str(each.get("type")) for each in messages if isinstance(each, dict)]


def ws_family(row: dict[str, Any]) -> str:
    if row["name"].startswith(("auth: ", "ids: ")):
        return "envelope"
    if row["name"].startswith("bus events after"):
        return "bus events"
    kind = (ws_kinds(row) or ["other"])[0]
    return kind.rpartition("/")[0] or kind


def run_rest(only: str = "") -> Outcome:
    """Replay `rest.jsonl` in a home that begins with its onboarding.

    Args:
        only: a regular expression searched in a row's name and "METHOD path"; rows that do not match are not sent.
    """
    with recorded_home() as server:
        replay = RestReplay(server, all_areas(), rows("rest.jsonl.gz"))
        if only:
            replay.finish_onboarding()
        return _run(
            "REST", numbered(rows("rest.jsonl.gz")), replay.check, rest_family, only,
            lambda row: f"{row['request']['method']} {row['request']['path']}",
        )  # fmt: skip


def run_ws(only: str = "") -> Outcome:
    """Replay `ws.jsonl`. Args: only: searched in a row's name and the types of its messages."""
    with recorded_home(with_users=True) as server:
        replay = WebSocketReplay(server, all_areas(), rows("ws.jsonl.gz"))
        try:
            return _run(
                "WebSocket", numbered(rows("ws.jsonl.gz")), replay.check, ws_family, only,
                lambda row: " ".join(ws_kinds(row)),
            )  # fmt: skip
        finally:
            replay.close()


def run_mqtt(only: str = "", recording: str = "mqtt-discovery.jsonl.gz") -> Outcome:
    """Replay a recording of MQTT over a real broker.

    Args:
        only: searched in a row's name and component.
        recording: `mqtt-observed.jsonl.gz` holds what Home Assistant 2025.4.4 did with more configurations.
    """
    with mqtt_home() as (server, bench), server.websocket() as client:
        replay = MqttReplay(server, bench, client)

        def check(row: dict[str, Any]) -> list[str]:
            play = PLAYS.get(row["name"].partition(": ")[2])
            return replay.check(row["row"]) if play is None else play(replay, row["row"])

        named = [
            {"name": f"mqtt: {row['name']}", "component": row["component"], "row": row} for row in rows(recording)
        ]
        return _run("MQTT", named, check, lambda row: str(row["component"]), only, lambda row: str(row["component"]))


def _run(
    title: str,
    all_rows: list[dict[str, Any]],
    check: Callable[[dict[str, Any]], list[str]],
    family: Callable[[dict[str, Any]], str],
    only: str,
    text: Callable[[dict[str, Any]], str],
) -> Outcome:
    areas = all_areas()
    outcome = Outcome(title)
    wanted = re.compile(only) if only else None
    for row in all_rows:
        name = row["name"]
        if wanted is not None and not (wanted.search(name) or wanted.search(text(row))):
            continue
        if name in areas.not_replayed:
            outcome.skipped[name] = areas.not_replayed[name]
            continue
        began = time.monotonic()
        try:
            found = check(row)
        except Exception as exc:  # noqa: BLE001 - one row that breaks the replay is one row that fails
            found = [f"the replay broke: {type(exc).__name__}: {exc}"]
        outcome.seconds[name] = time.monotonic() - began
        outcome.total[family(row)] += 1
        outcome.passed[family(row)] += not found
        if found:
            outcome.failed[name] = found
        if name in areas.misses:
            outcome.explained[name] = areas.misses[name]
    return outcome
