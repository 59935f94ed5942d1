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
from marge.templating.budget import MAX_OUTPUT, MAX_SOURCE, resident_bytes
from tests.templating.recorded_home import make_engine

BUDGET_S = 0.3
# Far more than the budget, so that a busy machine fails no test; an attack that gets through takes minutes.
PATIENCE_S = 30.0
GROWTH = 200 * 2**20

_DOUBLE = "{% set ns = namespace(x=START) %}{% for i in range(100) %}{% set ns.x = STEP %}{% endfor %}{{ ns.x }}"


def doubled(start, step):
    """A template that applies a step a hundred times."""
    return _DOUBLE.replace("START", start).replace("STEP", step)


TOO_BIG = [
    "{{ 'x' * 10**9 }}",
    "{{ 10**9 * 'x' }}",
    "{{ [1] * 10**9 }}",
    "{{ 10**(10**9) }}",
    "{{ '%1000000000d' % 5 }}",
    "{{ '%*d' % (1000000000, 5) }}",
    "{{ '%.1000000000f' % 5 }}",
    "{{ '%1000000000s' | format('x') }}",
    "{{ '{:1000000000}'.format(5) }}",
    "{{ '{:{w}}'.format(5, w=1000000000) }}",
    "{{ ('{0}' * 40000).format('x' * 100000) }}",
    "{{ 'x'.center(10**9) }}",
    "{{ 'x'.ljust(10**9) }}",
    "{{ 'x'.rjust(10**9) }}",
    "{{ 'x'.zfill(10**9) }}",
    "{{ '\\t'.expandtabs(10**9) }}",
    "{{ 'x' | center(10**9) }}",
    "{{ ('x' * 1000).replace('x', 'y' * 100000) }}",
    "{{ ('x' * 1000) | replace('x', 'y' * 100000) }}",
    "{{ ('x' * 30000) | regex_replace('x', 'y' * 1000) }}",
    "{{ 'x'.translate({120: 'y' * 1000000}) * 2 }}",
    "{{ 'a\\nb' | indent(10**9) }}",
    "{{ ('a ' * 10000) | wordwrap(1, true, 'z' * 10000) }}",
    "{{ [1] | batch(10**9, 'x') | list }}",
    "{{ [1] | slice(10**9) | list }}",
    "{{ lipsum(n=1000000) }}",
    "{{ (1).to_bytes(10**9, 'big') }}",
    "{{ pack(1, '1000000000s') }}",
    "{{ ('&' * 1000000) | forceescape }}",
    "{{ ('x-' * 100000) | slugify('y' * 1000) }}",
    "{{ range(100000) | map('string') | map('center', 100000) | join }}",
    "{{ 'x'.join(range(100000) | map('string') | map('center', 1000)) | length }}",
    "{{ ('<!--' * 100000) | striptags }}",
    "{{ 'x' | regex_match('(' * 5000) }}",
    "{% for i in range(100000) %}{{ 'x' * 1000 }}{% endfor %}",
    "{% for i in range(100000) %}0123456789{% endfor %}",
    "{% set x %}{% for i in range(100000) %}{{ 'x' * 1000 }}{% endfor %}{% endset %}{{ x | length }}",
    "{% macro m() %}{% for i in range(100000) %}0123456789{% endfor %}{% endmacro %}{{ m() | length }}",
    "{% filter upper %}{% for i in range(100000) %}0123456789{% endfor %}{% endfilter %}",
    doubled("'x'", "ns.x ~ ns.x"),
    doubled("'x'", "ns.x + ns.x"),
    doubled("'x'", "[ns.x, ns.x] | join"),
    doubled("'x'", "'%s%s' % (ns.x, ns.x)"),
    doubled("'x'", "'{0}{0}'.format(ns.x)"),
    doubled("'x'", "ns.x.replace('x', 'xx')"),
    doubled("[1]", "ns.x + ns.x"),
    doubled("[1]", "[ns.x, ns.x]"),
    doubled("[1]", "(ns.x, ns.x)"),
    doubled("[1]", "{'a': ns.x, 'b': ns.x}"),
    doubled("[1]", "dict(a=ns.x, b=ns.x)"),
    doubled("[1]", "namespace(a=ns.x, b=ns.x)"),
    doubled("[1]", "zip(ns.x, ns.x) | list"),
    doubled("10", "ns.x * ns.x"),
    "{% autoescape true %}" + doubled("'<'", "ns.x ~ ns.x") + "{% endautoescape %}",
]

TOO_LONG = [
    "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}",
    "{% for a in range(100000) recursive %}{% if loop.depth < 30 %}{{ loop(range(100000)) }}{% endif %}{% endfor %}",
    "{% macro m(n) %}{% if n %}{{ m(n-1) }}{{ m(n-1) }}{% endif %}{% endmacro %}{{ m(100) }}",
    "{{ ([range(100000)] * 1000) | map('list') | map('sort') | list | length }}",
    "{{ range(100000) | select('in', range(100000) | map('string') | list) | list }}",
    "{% for i in range(100000) %}{{ states | list | length }}{% endfor %}",
    "{% set l = range(100000) | list %}{% for i in range(100000) %}{{ l | shuffle | first }}{% endfor %}",
    "{% for s in states %}{% for t in states %}{% for u in states %}{% if s == t %}{% endif %}{% endfor %}{% endfor %}"
    "{% endfor %}",
]

REFUSED = [
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{% for i in range(3) recursive %}{{ loop(range(3)) }}{% endfor %}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ ('' | attr('__class__')).mro() }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ states.__class__.__init__.__globals__ }}",
    "{{ area_id.__globals__.x }}",
    "{{ lipsum.__globals__.os }}",
    "{{ '{0.__class__.__mro__}'.format('x') }}{{ 1 / 0 }}",
    "{{ 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!' | regex_match('(a+)+$') }}",
    "{{ 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!' is match('(a|a)*$') }}",
    "{{ ('a' * 3000) | regex_search('a*a*a*a*a*b') }}",
    "{{ ['a' * 40 ~ '!'] | select('search', '(a|aa)+$') | list }}",
    "{{ " + "(" * 60000 + " }}",
    "{% if x %}" * 3000 + "{% endif %}" * 3000,
    "{{ a" + ".b" * 5000 + " }}",
    "{{ 1" + "|int" * 3000 + " }}",
    "{{ " + "not " * 3000 + "1 }}",
    "{{ x }}" * 18000,
    "{{ x }}" * MAX_SOURCE,
    "{#" * 50000,
]


@pytest.fixture(scope="module")
def engine():
    return make_engine()


def attack(engine, template, budget_s=BUDGET_S):
    """The error that ends the template, once it was seen to take neither too long nor too much memory."""
    memory, started = resident_bytes(), time.monotonic()
    with pytest.raises(TemplateError) as caught:
        engine.render(template, budget_s=budget_s)
    assert time.monotonic() - started < PATIENCE_S
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
        for may_yield in (True, False):
            turns.clear()
            with pytest.raises(TemplateTimeout):
                engine.render(TOO_LONG[0], budget_s=BUDGET_S, may_yield=may_yield)
            counts[may_yield] = len(turns)
    finally:
        greenlet.kill()

    assert counts[True] > 5
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
    started = time.monotonic()
    try:
        engine.render(text, {"x": [1, "a"]}, budget_s=BUDGET_S)
    except TemplateError:
        pass
    assert time.monotonic() - started < PATIENCE_S


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
