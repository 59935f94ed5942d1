"""Modules found by name, some of them broken."""

from __future__ import annotations

import sys

import pytest

from marge.util.parts import BrokenPart, find_parts, load_part

BROKEN = {
    "raises": "raise ValueError('out of order')",
    "needs": "import a_library_that_nobody_has",
    "writes_badly": "def f(:",
    "asks_for_the_end": "from marge import there_is_no_such_thing",
}


@pytest.fixture
def package(tmp_path, monkeypatch):
    name = "some_parts"
    folder = tmp_path / name
    folder.mkdir()
    for module, text in {"__init__": "", "good": "X = 1", "_private": "1 / 0", "useful": "X = 2", **BROKEN}.items():
        (folder / f"{module}.py").write_text(text, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    yield name
    for each in [each for each in sys.modules if each.partition(".")[0] == name]:
        del sys.modules[each]


def test_broken_modules_are_named_and_the_rest_is_found(package):
    """Whatever an import raises; private modules are not even tried."""
    broken: list[BrokenPart] = []

    found = [(name, module.X) for name, module in find_parts(package, broken.append)]

    assert found == [("good", 1), ("useful", 2)]
    assert sorted(each.module for each in broken) == sorted(f"{package}.{name}" for name in BROKEN)
    reasons = {each.module.rpartition(".")[2]: each.reason for each in broken}
    assert reasons["raises"] == "ValueError: out of order"
    assert reasons["needs"] == "ModuleNotFoundError: No module named 'a_library_that_nobody_has'"


def test_a_broken_module_is_logged(package, capsys):
    """With its name and the reason, also where nobody listens."""
    assert load_part(f"{package}.raises") is None
    said = capsys.readouterr()
    assert "some_parts.raises" in said.out + said.err and "out of order" in said.out + said.err


def test_a_library_that_ends_the_process_may_do_so(package, tmp_path):
    """`sys.exit` in a module is no mistake of its author: it goes through."""
    (tmp_path / package / "zz.py").write_text("raise SystemExit(3)", "utf-8")
    with pytest.raises(SystemExit):
        list(find_parts(package))
