"""Templates that read nothing are rendered once; all others each time."""

from __future__ import annotations

import pytest

from marge.templating import TemplateError
from tests.templating.recorded_home import make_engine, recorded

VOLATILE = [
    "{{ now() }}", "{{ utcnow().timestamp() }}", "{{ range(10**6) | random }}", "{{ range(40) | list | shuffle }}",
    "{{ states('sensor.t_int') }}", "{{ 5 | timestamp_local }}", "{{ [1, 2] | map('random') | list }}",
    "{% from 'tools.jinja' import x %}{{ 1 }}", "{{ nobody }}", "{{ lipsum(1) }}",
]


@pytest.fixture
def engine():
    return make_engine()


def renders(engine, template, variables=None, times=4):
    found = []
    for _ in range(times):
        try:
            found.append(engine.render(template, variables))
        except TemplateError as error:
            found.append(str(error))
    return found


def test_a_constant_is_kept(engine):
    """From the third time on a template that reads nothing is not rendered any more, and gives the same."""
    assert renders(engine, "{% set x = 5 %}{{ (x + 1) | string ~ 'a' }}") == ["6a"] * 4
    assert len([each for each in engine._constants.values() if each]) == 1


@pytest.mark.parametrize("template", VOLATILE)
def test_what_changes_is_rendered_each_time(engine, template):
    """The clock, chance, states, the time zone, other files and unknown names are no constants."""
    renders(engine, template)

    assert not any(engine._constants.values())


def test_variables_come_first(engine):
    """A variable that has the name of something in a constant template is seen."""
    template = "{{ max(1, 2) }}"
    assert renders(engine, template) == [2] * 4

    assert engine.render(template, {"max": lambda *_: 7}) == 7
    assert engine.render(template, {"other": 7}) == 2


def test_everybody_has_a_value_of_his_own(engine):
    """A list that somebody changes is not the next one's."""
    first, second = renders(engine, "{{ [1, {'a': 2}] }}")[-2:]
    first[1]["a"] = 3

    assert second == [1, {"a": 2}]
    assert engine.render("{{ [1, {'a': 2}] }}") == [1, {"a": 2}]


def test_recorded_templates_stay_the_same(engine):
    """Each recorded template that counts as constant gives at the fifth time what it gave at the first."""
    kept = 0
    for row in recorded("templates.jsonl.gz"):
        if row["error"] is not None or row.get("unstable") or not isinstance(row["template"], str):
            continue
        before = sum(map(bool, engine._constants.values()))
        found = renders(engine, row["template"], row.get("variables"), 5)
        if sum(map(bool, engine._constants.values())) > before:
            kept += 1
            assert repr(found[0]) == repr(found[4]), row["template"]

    assert kept > 300
