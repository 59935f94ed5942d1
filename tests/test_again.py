"""The second look at what failed: what is run, and when it is not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests import again


def test_a_case_stands_alone_and_other_tests_come_with_their_file() -> None:
    """Tests of one file may share a server and what earlier ones left in it; nothing is run twice."""
    failed = ["tests/b.py::test_two", "tests/b.py::test_one", "tests/a.py::test[x::y]", "tests/b.py::test_three[1]"]
    assert again.chosen(failed) == ["tests/a.py::test[x::y]", "tests/b.py"]


@pytest.mark.parametrize("count", [0, again.MOST + 1])
def test_nothing_and_too_much_are_failures(count: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that failed without a failed test, or with many, gets no second chance."""
    monkeypatch.setattr(again, "FAILED", tmp_path / "lastfailed")
    if count:
        again.FAILED.write_text(json.dumps({f"tests/none.py::test_{number}": True for number in range(count)}))
    assert again.main() == 1


@pytest.mark.parametrize(("body", "status"), [("pass", 0), ("assert False", 1)])
def test_its_result_is_that_of_the_second_run(
    body: str, status: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Passed alone: named, and not a failure. Failed again: a failure."""
    file = tmp_path / "test_shaky.py"
    file.write_text(f"def test_shaky():\n    {body}\n")
    monkeypatch.setattr(again, "FAILED", tmp_path / "lastfailed")
    again.FAILED.write_text(json.dumps({f"{file}::test_shaky": True}))
    monkeypatch.setattr("sys.argv", ["again"])
    assert again.main() == status
    assert ("Passed only alone" in capfd.readouterr().out) == (status == 0)
