"""Every recorded template gives what Home Assistant gave: the value, its text, the error, and what it listens to."""

from __future__ import annotations

import re
from collections import Counter

import orjson
import pytest

from tests.templating.recorded_home import make_engine, recorded

# The share that is reached: a smaller one means that something broke.
REACHED = 1247 / 1249
MISSED_LISTENERS = 1  # t0137, see below

# What cannot be the same, and why. These rows count as misses.
EXPLAINED = {
    "t0137": "HA evaluates a test with constant arguments while compiling, so it never notices a change",
    "t0884": "transliteration of scripts beyond Latin is not built",
    "t1557": "HA reuses an earlier compilation of the text, so `strict` has no effect (a recorded defect)",
}

_VOLATILE = (
    (re.compile(r"0x[0-9a-f]+"), "0x"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?[-+]\d\d:\d\d"), "<time>"),
)
# Sets have no order, and neither have the lists that HA makes of them.
_UNORDERED = {"t0251"}
_PREFIX = "Error rendering template: "


def settled(value):
    """The value without addresses and times."""
    if isinstance(value, str):
        for pattern, shown in _VOLATILE:
            value = pattern.sub(shown, value)
    if isinstance(value, dict) and "lc" in value:
        return {key: value[key] for key in ("s", "a")}
    return value


def as_sent(value):
    """The value as a WebSocket client gets it, None for what cannot be sent."""
    try:
        return orjson.loads(orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS, default=_plain))
    except orjson.JSONEncodeError:
        return None


def _plain(value):
    if isinstance(value, (set, tuple)):
        return sorted(value, key=str)
    raise TypeError


def miss(engine, row):
    """What differs from the recording, or None."""
    request = row.get("ws_request", {})
    info = engine.render_info(row["template"], row.get("variables"), strict=request.get("strict", False))
    if row["error"] is not None or (request.get("strict") and row["result_type"] is None):
        expected = row["error"] if row["error"] is not None else _PREFIX + row["ws"]["messages"][-1]["error"]
        got = None if info.error is None else _PREFIX + info.error
        return None if got == expected else f"error {got!r} instead of {expected!r}"
    if info.error is not None:
        return f"error {info.error!r} instead of {row['result']!r}"
    if row["result_type"] is not None:
        sent, expected = settled(as_sent(info.result)), settled(row["result"])
        if row["id"] in _UNORDERED:
            sent, expected = sorted(sent), sorted(expected)
        same = sent == expected and type(sent) is type(expected)
        if not same and not row.get("unstable"):
            return f"{sent!r} instead of {expected!r}"
    text = settled(engine.render_text(row["template"], row.get("variables")))
    body = settled(row["rest"]["body"])
    if row["id"] in _UNORDERED or (body.startswith("{") and row["result_type"] == "list"):
        text, body = "".join(sorted(text)), "".join(sorted(body))  # a set is printed in any order
    same = text == body or (isinstance(row.get("result"), dict) and "lc" in row["result"])
    return None if same else f"text {text!r} instead of {body!r}"


@pytest.fixture(scope="module")
def engine():
    return make_engine()


@pytest.fixture(scope="module")
def plain():
    """Without macro files, as most rows were recorded."""
    return make_engine(custom=False)


@pytest.fixture(scope="module")
def rows():
    return [row for row in recorded("templates.jsonl.gz") if row["category"] != "rest_body"]


def test_recorded_results(engine, plain, rows, capsys):
    """At least the stated share of the recorded templates gives the recorded result or error."""
    passed: Counter[str] = Counter()
    total: Counter[str] = Counter()
    misses = []
    for row in rows:
        total[row["category"]] += 1
        difference = miss(engine if row["category"] == "custom_templates" else plain, row)
        if difference is None:
            passed[row["category"]] += 1
        else:
            misses.append(f"{row['id']} {row['category']}: {row['template']}: {difference}")
    with capsys.disabled():
        print()
        for category in total:
            print(f"  {category:20} {passed[category]:4} of {total[category]:4}")
        print(f"  {'all':20} {passed.total():4} of {total.total():4}")

    assert passed.total() / total.total() >= REACHED, "\n".join(misses)
    assert {line.split()[0] for line in misses} <= set(EXPLAINED)


def test_recorded_listeners(engine, rows):
    """The recorded templates depend on what the recorded ones depended on, but for the stated few."""
    misses = []
    considered = 0
    for row in rows:
        expected = row["ws"]["listeners"]
        if not expected:
            continue
        considered += 1
        info = engine.render_info(row["template"], row.get("variables"))
        expected = {**expected, "entities": sorted(expected["entities"]), "domains": sorted(expected["domains"])}
        if info.listeners() != expected:
            misses.append(f"{row['id']}: {row['template']}: {info.listeners()} instead of {expected}")

    assert considered > 900
    assert len(misses) <= MISSED_LISTENERS, "\n".join(misses)


def test_recorded_messages(engine, plain, rows):
    """What HA reports beside the result (unknown names, errors) is reported once."""
    misses = []
    for row in rows:
        if row["template"].count("now()") or not row["ws"]["messages"]:
            continue
        request = row.get("ws_request", {})
        home = engine if row["category"] == "custom_templates" else plain
        info = home.render_info(row["template"], row.get("variables"), strict=request.get("strict", False))
        expected = {(message["level"], message["error"]) for message in row["ws"]["messages"]}
        if set(info.messages) != expected:
            misses.append(f"{row['id']}: {row['template']}: {info.messages} instead of {expected}")

    assert not misses, "\n".join(misses)
