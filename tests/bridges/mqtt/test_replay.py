"""What Home Assistant did with recorded discovery payloads, state messages and calls, Marge does too.

Each row of the recording is played over a real broker: announcements and device messages in, states and commands out.
`python -m tests.bridges.mqtt.test_replay` prints the table of passes and differences.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gevent
import pytest

from marge.bridges.mqtt.component import load_components
from marge.errors import MargeError
from marge.model import Context, State
from tests.bridges.conftest import build_home
from tests.bridges.mqtt.wire import Bench
from tests.support.broker import start_broker, stop_broker

DATA = Path(__file__).parents[2] / "data" / "mqtt-discovery.jsonl.gz"

MISSES = {
    "rapid config updates": "of three names within milliseconds HA's registry keeps the first; ours the last",
}
"""Rows that differ, and why."""

RESTORED = (
    "switch optimistic no state_topic", "light default on_command_type brightness", "light default rgbw rgbww",
    "button abbreviated", "number optimistic", "event", "event template",
)  # fmt: skip
"""Rows whose first state came from before the recording: Home Assistant had stored it."""


def rows() -> list[dict[str, Any]]:
    with gzip.open(DATA, "rt", encoding="utf-8") as lines:
        return [row for row in map(json.loads, lines) if "discovery" in row]


def is_supported(row: dict[str, Any]) -> bool:
    """Whether all components of a row are built."""
    known = set(load_components())
    return all(entity.partition(".")[0] in known for entity in row["entities"]) and row["component"] in (
        known | {"mixed", "device", "device_automation", "nosuch"}
    )


class Replay:
    """Plays one row and collects differences."""

    def __init__(self, bench: Bench, row: dict[str, Any]) -> None:
        self.bench = bench
        self.row = row
        self.differences: list[str] = []
        self.last: dict[str, Any] = {}

    def run(self) -> list[str]:
        bench, row = self.bench, self.row
        for step in row.get("pre") or []:
            publish = step["publish"]
            bench.device.publish(publish["topic"], publish["payload"], retain=publish["retain"])
        if row["name"] in RESTORED:
            for entity, wanted in row["initial"].items():
                state = State(entity, wanted["state"], wanted["attributes"], 0, 0, 0, Context.new())
                bench.home.restored[entity] = state
        for item in row["discovery"]:
            bench.device.publish(item["topic"], item["payload"], retain=item["retain"])
        bench.settle()
        self.compare_registry()
        self.compare_states("initial", {k: v for k, v in (row["initial"] or {}).items() if v is not None}, first=True)
        for number, step in enumerate(row.get("steps", [])):
            self.step(f"step {number}", step)
            if len(self.differences) > 6:
                break
        return self.differences

    def clean_up(self) -> None:
        topics = {item["topic"] for item in self.row["discovery"]}
        topics |= {s["publish"]["topic"] for s in self.row.get("steps", []) if "publish" in s}
        for step in self.row.get("pre") or []:
            topics.add(step["publish"]["topic"])
        for topic in topics:
            self.bench.device.publish(topic, b"", retain=True)
        self.bench.settle()
        left = list(self.bench.home.states.ids())
        if left:
            self.differences.append(f"after removal: left {left}")
            for entity in left:
                self.bench.home.entities.remove(entity)

    def step(self, where: str, step: dict[str, Any]) -> None:
        bench = self.bench
        bench.forget()
        if "publish" in step:
            publish = step["publish"]
            where += f" {publish['topic']} <- {str(publish['payload'])[:60]}"
            bench.device.publish(publish["topic"], publish["payload"], retain=publish["retain"])
            bench.settle()
        elif "call" in step:
            where += f" {step['call']['service']} {json.dumps(step['call'].get('data'))[:90]}"
            self.call(where, step)
        elif "wait" in step:
            gevent.sleep(step["wait"])
            bench.settle()
        for entity in step.get("entities_removed", []):
            self.last[entity] = None
        if isinstance(step.get("states"), dict):
            self.compare_states(where, step["states"])
        elif step.get("states") == "unchanged":
            self.compare_states(where, {})

    def call(self, where: str, step: dict[str, Any]) -> None:
        call = step["call"]
        failed: Exception | None = None
        try:
            self.bench.home.services.call(
                call["domain"], call["service"], dict(call.get("data") or {}), None, Context.new()
            )
        except (MargeError, ValueError) as exc:
            failed = exc
        expected_error = step.get("error_ws")
        if (failed is not None) != (expected_error is not None):
            self.differences.append(f"{where}: error {failed!r}, expected {expected_error}")
        elif failed is not None and expected_error is not None:
            text = expected_error["error"]["message"].removeprefix("Validation error: ")
            if str(failed) != text:
                self.differences.append(f"{where}: says {failed}, expected {text}")
        sent = self.bench.published()
        expected = [(p["topic"], p["payload"], p["qos"]) for p in step.get("ha_published") or []]
        if sent != expected:
            self.differences.append(f"{where}: published {sent}, expected {expected}")

    def compare_registry(self) -> None:
        registry = self.bench.home.registries.entities
        for entry in self.row.get("entity_registry") or []:
            ours = registry.get(entry["entity_id"])
            if ours is None:
                self.differences.append(f"registry: {entry['entity_id']} is missing")
                continue
            for key in ("unique_id", "platform", "original_name", "original_icon", "entity_category",
                        "original_device_class", "disabled_by", "has_entity_name", "capabilities"):
                mine = getattr(ours, key)
                theirs = entry.get(key)
                if not same(mine, theirs) and (mine or theirs):
                    self.differences.append(f"registry {entry['entity_id']} {key}: {mine!r}, expected {theirs!r}")
        for device in self.row.get("device_registry") or []:
            identifiers = [tuple(pair) for pair in device["identifiers"]]
            found = self.bench.home.registries.devices.find(identifiers, device["connections"])
            if found is None:
                self.differences.append(f"device {device['identifiers']} is missing")
                continue
            for key in ("configuration_url", "manufacturer", "model", "model_id", "name", "sw_version", "hw_version",
                        "serial_number", "connections", "area_id"):
                if not same(getattr(found, key), device[key]):
                    self.differences.append(f"device {key}: {getattr(found, key)!r}, expected {device[key]!r}")

    def compare_states(self, where: str, expected: dict[str, Any], first: bool = False) -> None:
        changed = dict(expected)
        for entity in self.last:
            changed.setdefault(entity, self.last[entity])
        for entity, wanted in changed.items():
            ours = self.bench.state(entity)
            if wanted is None or ours is None:
                if (wanted is None) != (ours is None):
                    self.differences.append(f"{where}: {entity} is {ours}, expected {wanted}")
                self.last[entity] = wanted
                continue
            state, attributes = ours
            if state != wanted["state"] and not (
                wanted["state"].startswith("20") and state.startswith("20") and "T" in state
            ):
                self.differences.append(f"{where}: {entity} is {state}, expected {wanted['state']}")
            theirs = wanted["attributes"]
            for key in attributes.keys() | theirs.keys():
                if not same(attributes.get(key), theirs.get(key)) or (key in attributes) != (key in theirs):
                    mine, wants = attributes.get(key, "(none)"), theirs.get(key, "(none)")
                    self.differences.append(f"{where}: {entity} {key}: {mine!r}, expected {wants!r}")
            self.last[entity] = wanted


def same(ours: Any, theirs: Any) -> bool:
    """Equal as JSON; numbers within rounding."""
    if isinstance(ours, float) or isinstance(theirs, float):
        try:
            return abs(float(ours) - float(theirs)) < 1e-6
        except (TypeError, ValueError):
            return False
    if isinstance(ours, (list, tuple)) and isinstance(theirs, (list, tuple)):
        return len(ours) == len(theirs) and all(same(a, b) for a, b in zip(ours, theirs, strict=True))
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return ours.keys() == theirs.keys() and all(same(ours[key], theirs[key]) for key in ours)
    return bool(ours == theirs)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    host, port, process = start_broker()
    home = build_home(tmp_path_factory.mktemp("home"), mqtt_host=host, mqtt_port=port, profile="ha")
    bench = Bench(home, host, port)
    yield bench
    bench.close()
    home.system.shutdown()
    stop_broker(process)


ROWS = [row for row in rows() if is_supported(row)]


@pytest.mark.parametrize("row", ROWS, ids=[f"{row['component']}: {row['name']}" for row in ROWS])
def test_row_behaves_as_recorded(bench: Bench, row: dict[str, Any]) -> None:
    """States, attributes, registry entries, published topics and payloads are those of the recording."""
    if row["name"] in MISSES:
        pytest.xfail(MISSES[row["name"]])
    replay = Replay(bench, row)
    try:
        differences = replay.run()
    finally:
        replay.clean_up()
    assert not differences, "\n".join(differences)


def main() -> int:
    """Print passes per component, and the differences of the rest."""
    import tempfile

    host, port, process = start_broker()
    home = build_home(Path(tempfile.mkdtemp()), mqtt_host=host, mqtt_port=port, profile="ha")
    bench = Bench(home, host, port)
    passed, total = Counter[str](), Counter[str]()
    wanted = sys.argv[1:]
    for row in ROWS:
        if wanted and not any(word in f"{row['component']} {row['name']}" for word in wanted):
            continue
        replay = Replay(bench, row)
        try:
            replay.run()
            replay.clean_up()
        except AssertionError as exc:
            replay.differences.append(f"gave up: {exc}")
        total[row["component"]] += 1
        passed[row["component"]] += not replay.differences
        if replay.differences:
            print(f"--- {row['component']}: {row['name']}")
            for difference in replay.differences:
                print("     ", difference[:400])
    for component in sorted(total):
        print(f"{component:24} {passed[component]:3} of {total[component]}")
    print(f"{'all':24} {passed.total():3} of {total.total()}")
    bench.close()
    home.system.shutdown()
    stop_broker(process)
    return 0


if __name__ == "__main__":
    sys.exit(main())
