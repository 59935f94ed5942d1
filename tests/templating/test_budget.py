"""What a template may cost: attacks end within their budget, and the hub runs meanwhile."""

from __future__ import annotations

import re
import time
from functools import cache

import gevent
import pytest
from gevent import monkey
from hypothesis import given
from hypothesis import strategies as st

from marge.templating import TemplateError, TemplateTimeout, TemplateTooBig
from marge.templating.budget import MAX_OUTPUT, resident_bytes
from tests.templating.hostile import REFUSED, TOO_BIG, TOO_LONG
from tests.templating.recorded_home import make_engine

BUDGET_S = 0.3
# Far more than the budget, so that a busy machine fails no test; an attack that gets through takes minutes.
PATIENCE_S = 30.0
GROWTH = 200 * 2**20

@pytest.fixture(scope="module")
def engine():
    return make_engine()


def attack(engine, template, budget_s=BUDGET_S):
    """The error that ends the template, once it was seen to take neither too long nor too much memory."""
    memory, started = resident_bytes(), time.thread_time()
    with pytest.raises(TemplateError) as caught:
        engine.render(template, budget_s=budget_s)
    assert time.thread_time() - started < PATIENCE_S
    assert resident_bytes() - memory < GROWTH
    return caught.value


@pytest.mark.parametrize("template", TOO_BIG, ids=range(len(TOO_BIG)))
def test_too_big(engine, template):
    """A value that would be enormous is refused before it is made."""
    assert isinstance(attack(engine, template, 20.0), TemplateTooBig)


@pytest.mark.parametrize("template", TOO_LONG, ids=range(len(TOO_LONG)))
def test_too_long(engine, template):
    """Work without end is cut off when the time is over, with HA's text."""
    error = attack(engine, template)

    assert isinstance(error, TemplateTimeout)
    assert str(error) == "Exceeded maximum execution time of 0.3s"


@pytest.mark.parametrize("template", REFUSED, ids=range(len(REFUSED)))
def test_refused(engine, template):
    """Other ways out of the sandbox, or to keep it busy, end in an error."""
    attack(engine, template)


def test_output_limit_text(engine):
    """A result that is too long has HA's text, with and without anything to render in it."""
    expected = f"Template output exceeded maximum size of {MAX_OUTPUT} characters"

    for template in ("x" * (MAX_OUTPUT + 1), "{% for i in range(1000) %}" + "x" * 1000 + "{% endfor %}"):
        with pytest.raises(TemplateTooBig) as caught:
            engine.render(template)
        assert str(caught.value) == expected


def test_hub_runs_meanwhile(engine):
    """A long render that may yield lets other greenlets have turns; one that may not, does not."""
    turns = []

    def other():
        while True:
            turns.append(1)
            gevent.sleep(0.001)

    counts = {}
    greenlet = gevent.spawn(other)
    try:
        # A budget is time that passes where others may have turns: on a busy machine little of it is ours.
        for may_yield, budget_s in ((True, 10 * BUDGET_S), (False, BUDGET_S)):
            turns.clear()
            with pytest.raises(TemplateTimeout):
                engine.render(TOO_LONG[0], budget_s=budget_s, may_yield=may_yield)
            counts[may_yield] = len(turns)
    finally:
        greenlet.kill()

    assert counts[True] > 1
    assert counts[False] == 0


def test_collectors_of_interleaved_renders(engine):
    """Two renders that take turns each know what they alone looked at."""
    def wait(entity_id):
        loops = "{% for a in range(100) %}{% for b in range(500) %}{% endfor %}{% endfor %}"
        other = "x." + entity_id[0]
        return engine.render_info(loops + "{{ states('" + entity_id + "') }}" + loops + "{{ states('" + other + "') }}")

    first, second = gevent.spawn(wait, "sensor.t_int"), gevent.spawn(wait, "light.t_l1")
    gevent.joinall([first, second], raise_error=True)

    assert first.value.entities == {"sensor.t_int", "x.s"}
    assert second.value.entities == {"light.t_l1", "x.l"}


def test_killed_render_leaves_nothing(engine):
    """A greenlet that is killed while it renders leaves no render behind."""
    greenlet = gevent.spawn(engine.render, TOO_LONG[0])
    gevent.sleep(0.05)
    greenlet.kill()

    assert engine.render_info("{{ states('sensor.t_int') }}").entities == {"sensor.t_int"}


@pytest.mark.parametrize(
    "template",
    [
        "{% set ns = namespace(l=[]) %}{% for i in range(2000) %}{% set ns.l = ns.l + ['sensor.abc_' ~ i] %}"
        "{% endfor %}{{ ns.l | length }}",
        "{{ range(100000) | list | length }}",
        "{{ range(20000) | map('string') | list | sort | length }}",
        "{{ states | map(attribute='entity_id') | map('regex_replace', '^(.*)\\\\.', '') | list | length }}",
        "{{ ('x' * 200000) | length }}",
        "{% for i in range(300) %}{{ '%05.2f' | format(i) }},{% endfor %}",
    ],
)
def test_ordinary_work(engine, template):
    """What people write is not refused."""
    assert engine.render(template, budget_s=PATIENCE_S)


@cache
def _shared():
    """hypothesis wants no fixtures that live through many examples."""
    return make_engine()


_WORDS = """{{ }} {% %} {# #} 'x' 1 10**9 x states states('light.t_l1') | . ( ) [ ] , + * ~ % ** == if else endif for in
endfor set ns namespace() range(9999) map list join int float is not defined __class__ now() endmacro call m()
recursive loop break continue import include 'a.jinja' regex_match('(a+)+') to_json from_json expand = : { } é"""
_PIECES = st.sampled_from([*re.split(r"\s+", _WORDS), " ", "macro m()", "\n", "\x00", "\ud800"])
_TEMPLATES = st.one_of(
    st.text(max_size=60).map(lambda text: "{{" + text + "}}"), st.lists(_PIECES, max_size=25).map(" ".join)
)


@given(_TEMPLATES)
def test_any_text(text):
    """Any text is a result or a `TemplateError`, within the budget."""
    engine = _shared()
    started = time.thread_time()
    try:
        engine.render(text, {"x": [1, "a"]}, budget_s=BUDGET_S)
    except TemplateError:
        pass
    assert time.thread_time() - started < PATIENCE_S


_NAMES = st.sampled_from(sorted({*make_engine()._book.filters, *make_engine()._book.globals} - {"pi", "e", "tau"}))
_VALUES = st.sampled_from(
    ["none", "1", "-1", "1.5", "'x'", "''", "[]", "[1, [2]]", "{}", "{'a': {}}", "x", "states", "states.light", "now()",
     "timedelta(hours=1)", "10**9", "true", "'light.t_l1'", "set([1])", "'%Y'", "'('"]
)


@given(_NAMES, st.lists(_VALUES, max_size=4))
def test_any_call(name, values):
    """Every function and filter takes any value or fails with a `TemplateError`."""
    engine = _shared()
    arguments = ", ".join(values)
    for template in ("{{ " + name + "(" + arguments + ") }}", "{{ x | " + name + "(" + arguments + ") }}"):
        try:
            engine.render(template, {"x": 5}, budget_s=BUDGET_S)
        except TemplateError:
            pass


def test_time_without_the_processor_does_not_count(engine):
    """A short budget is one of work: a busy machine that runs other programs meanwhile ends no render."""
    nap = monkey.get_original("time", "sleep")
    looks = "{% for i in range(100) %}{% endfor %}"

    text = engine.render(looks + "{{ nap(0.1) }}" + looks + "done", {"nap": nap}, budget_s=0.05, may_yield=False)

    assert text == "Nonedone"
    with pytest.raises(TemplateTimeout):
        engine.render(TOO_LONG[0], budget_s=0.05, may_yield=False)


def _stall(seconds):
    """As a look for cyclic garbage does: the processor is busy, and no step of the template is made."""
    until = time.thread_time() + seconds
    while time.thread_time() < until:
        pass


def test_a_short_budget_survives_one_stall(engine):
    """What the interpreter does in between is not the template's fault; a template that goes on and on is."""
    variables = {"stall": lambda: _stall(0.03) or "x"}

    text = "{{ stall() }}{% for i in range(10) %}{{ i }}{% endfor %}"
    assert engine.render(text, variables, budget_s=0.02, may_yield=False, parse_result=False) == "x0123456789"
    with pytest.raises(TemplateError, match="maximum execution time"):
        engine.render("{{ stall() }}{{ stall() }}{{ stall() }}", variables, budget_s=0.02, may_yield=False)
