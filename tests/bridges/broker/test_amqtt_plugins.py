"""What Marge adds to amqtt: rights as mosquitto reads them, and a file of retained messages."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marge.bridges.broker.accounts import Accounts
from marge.bridges.broker.amqtt_plugins import Retained, Rights, matches
from marge.bridges.mqtt.topics import TopicTrie

LEVEL = st.sampled_from(["a", "b", "", "$SYS"])


@given(st.lists(LEVEL | st.just("+"), min_size=1, max_size=4), st.booleans(), st.lists(LEVEL, min_size=1, max_size=4))
def test_filters_match_as_everywhere_else(wanted: list[str], rest: bool, levels: list[str]) -> None:
    """The same answer as the index of topics that the bridge uses, also for `$` and `#`."""
    pattern, topic = "/".join([*wanted, "#"] if rest else wanted), "/".join(levels)
    trie: TopicTrie[bool] = TopicTrie()
    trie.add(pattern, True)
    if not (pattern == "" or topic == ""):
        assert matches(pattern, topic) is bool(trie.match(topic))


@pytest.fixture
def rights(tmp_path: Path) -> Rights:
    accounts = Accounts(anonymous=True)
    credential = accounts.account("bell", publish=["bell/#"], subscribe=["bell/set", "all/+"])
    (tmp_path / "passwords").write_text(accounts.password_file())
    (tmp_path / "acl").write_text(accounts.acl_file())
    found = Rights(tmp_path / "passwords", tmp_path / "acl")
    assert found.knows(*credential) and found.knows(*credential)
    assert found.knows(*accounts.marge)
    return found


@pytest.mark.parametrize(
    ("username", "topic", "reads", "writes"),
    [("marge-bell", "bell/x", False, True), ("marge-bell", "bell/set", True, True),
     ("marge-bell", "all/off", True, False), ("marge-bell", "all/off/x", False, False),
     ("marge", "bell/x", True, True), ("marge", "$SYS/x", True, False),
     (None, "any/topic", True, True), (None, "marge/bridge/bell/x", False, False), (None, "$SYS/broker/x", True, False),
     ("stranger", "any/topic", False, False)],
)  # fmt: skip
def test_the_files_say_who_may_what(
    rights: Rights, username: str | None, topic: str, reads: bool, writes: bool
) -> None:
    """As mosquitto reads them; asked twice, since answers are remembered."""
    for _ in range(2):
        assert (rights.may(username, topic, "read"), rights.may(username, topic, "write")) == (reads, writes)


@pytest.mark.parametrize("line", ["", "marge", "marge:x", "marge:$7$x$y$z", "marge:$6$1$AAAA$AAAA", "marge:$7$1$!$!"])
def test_a_line_that_is_no_hash_lets_nobody_in(tmp_path: Path, line: str) -> None:
    """Nor does it end the broker."""
    (tmp_path / "passwords").write_text(line + "\n")
    (tmp_path / "acl").write_text("")
    rights = Rights(tmp_path / "passwords", tmp_path / "acl")
    assert not rights.knows("marge", "x")
    assert not rights.anonymous


def test_what_cannot_be_read_is_left_out(tmp_path: Path) -> None:
    """The rest is retained; what is saved is what was loaded."""
    good = json.dumps(["door", 1, "b3Blbg=="])
    lines = ["", "{}", "[1, 2]", '["a", "x", "AA=="]', '[5, 1, "AA=="]', '["a", 1, "!"]', '["a", 1, null]', good]
    (tmp_path / "retained.jsonl").write_text("\n".join(lines))
    broker: Any = SimpleNamespace(retained_messages={})
    retained = Retained(broker, tmp_path)
    retained.load()
    kept = {topic: bytes(each.data) for topic, each in broker.retained_messages.items() if each.data}
    assert kept == {"door": b"open"}
    retained.save()
    assert (tmp_path / "retained.jsonl").read_text() == good
