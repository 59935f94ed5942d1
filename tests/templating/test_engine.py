"""The engine's own promises: the cache, limited and strict templates, nested values, dependencies."""

from __future__ import annotations

import pytest

from marge.templating import TemplateError, is_template
from marge.templating import engine as engine_module
from marge.templating.budget import MAX_SOURCE
from tests.templating.recorded_home import make_engine


@pytest.fixture
def engine():
    return make_engine()


def test_is_template():
    """Only texts with an expression, a statement or a comment are templates."""
    assert is_template("{{ x }}") and is_template("a {% if x %}") and is_template("{# x #}")
    assert not is_template("{ x }") and not is_template("}}") and not is_template(5) and not is_template(None)


def test_text_without_template_stays_text(engine):
    """A constant is not turned into a number."""
    assert engine.render(" 42 ") == "42"


@pytest.mark.parametrize(
    ("template", "variables", "result"),
    [
        ("{{ value_json.temp }}", {"value_json": {"temp": 21.5}}, 21.5),
        ("{{ value_json['a b'] | round(1) }}", {"value_json": {"a b": 2.26}}, 2.3),
        ("{{ value | int * 2 }}", {"value": "21"}, 42),
        ("{{ value_json.items }}", {"value_json": {"items": 1}}, None),
        ("{{ this.state }}", {"this": {"state": "on"}}, "on"),
        ("{{ 3 | max(7) }}", None, 7),
        ("{{ 3 | min(7) }}", None, 3),
        ("{{ [3, 9] | max }}", None, 9),
        ("{{ ['b', 'A'] | min }}", None, "A"),
        ("{{ ['b', 'A'] | max(true) }}", None, "b"),
    ],
)
def test_values(engine, template, variables, result):
    """Variables as MQTT and automations give them, and Marge's own forms of min and max."""
    rendered = engine.render(template, variables)

    assert rendered == result if result is not None else "built-in method" in rendered


def test_render_text_is_not_parsed(engine):
    assert engine.render_text("{{ 1 }}") == "1"
    assert engine.render("{{ 1 }}", parse_result=False) == "1"


def test_cache_is_bounded(engine, monkeypatch):
    """The oldest compiled templates make room for new ones."""
    monkeypatch.setattr(engine_module, "CACHED_TEMPLATES", 10)
    for number in range(25):
        assert engine.render("{{ " + str(number) + " }}") == number

    assert len(engine._compiled) == 10
    assert engine._characters == sum(len(source) for source, _, _ in engine._compiled)


def test_cache_is_bounded_by_characters(engine, monkeypatch):
    monkeypatch.setattr(engine_module, "CACHED_CHARACTERS", 1000)
    for number in range(10):
        engine.render("{# " + "x" * 400 + " #}{{ " + str(number) + " }}")

    assert len(engine._compiled) == 2


def test_compile_check(engine):
    """Syntax errors and unknown filters and tests are found without rendering; unknown names are not."""
    engine.compile_check("{{ not_there }}")
    engine.compile_check("no template {")
    for template, text in (
        ("{{ 1 + }}", "TemplateSyntaxError: unexpected 'end of print statement'"),
        ("{{ x | nope }}", "TemplateAssertionError: No filter named 'nope'."),
        ("{{ x is nope }}", "TemplateAssertionError: No test named 'nope'."),
    ):
        with pytest.raises(TemplateError) as caught:
            engine.compile_check(template)
        assert str(caught.value) == text
    with pytest.raises(TemplateError):
        engine.compile_check("{{ x }}" + "x" * MAX_SOURCE)


def test_long_template_is_compiled_aside(engine):
    """Errors and results of templates that a native thread compiles are the same."""
    padding = "{# " + "x" * engine_module.COMPILE_ASIDE + " #}"

    assert engine.render(padding + "{{ 41 + 1 }}") == 42
    with pytest.raises(TemplateError) as caught:
        engine.render(padding + "{{ 1 + }}")
    assert str(caught.value) == "TemplateSyntaxError: unexpected 'end of print statement'"


def test_limited_templates_cannot_read_the_home(engine):
    """While the configuration is loaded there are no states to read; everything else works."""
    assert engine.render("{{ [1, 2] | average }}", limited=True) == 1.5
    for template in ("{{ states('sensor.t_int') }}", "{{ now() }}", "{{ 'x' | area_id }}", "{{ 'x' is has_value }}"):
        with pytest.raises(TemplateError) as caught:
            engine.render(template, limited=True)
        assert "is not supported in limited templates" in str(caught.value)
    assert engine.render("{{ states('sensor.t_int') }}") == 42


def test_strict_templates_fail_on_unknown_names(engine):
    assert engine.render("{{ nope }}") == ""
    with pytest.raises(TemplateError) as caught:
        engine.render("{{ nope }}", strict=True)
    assert str(caught.value) == "UndefinedError: 'nope' is undefined"


def test_render_complex(engine):
    """Templates anywhere in a value are rendered, keys too; the rest is left alone and nothing is changed in place."""
    value = {"{{ 'a' }}": ["{{ x }}", 5, {"b": "{{ x + 1 }}", "c": "plain"}], "t": ("{{ x }}",)}

    assert engine.render_complex(value, {"x": 1}) == {"a": [1, 5, {"b": 2, "c": "plain"}], "t": [1]}
    assert value["t"] == ("{{ x }}",)


def test_custom_templates_are_reloaded(engine):
    """New macro files hold at the next render, also where old ones were compiled in."""
    template = "{% from 'a.jinja' import m %}{{ m() }}"
    engine.load_custom_templates({"a.jinja": "{% macro m() %}1{% endmacro %}"})
    assert engine.render(template) == 1
    engine.load_custom_templates({"a.jinja": "{% macro m() %}2{% endmacro %}"})
    assert engine.render(template) == 2
    engine.load_custom_templates({})
    with pytest.raises(TemplateError) as caught:
        engine.render(template)
    assert str(caught.value) == "TemplateNotFound: a.jinja"


def test_render_info_raises_nothing(engine):
    """An error is in the info, with what was read before it."""
    info = engine.render_info("{{ states('sensor.t_int') }}{{ 1 / 0 }}")

    assert info.error == "ZeroDivisionError: division by zero"
    assert info.entities == {"sensor.t_int"}
    assert info.messages == [("ERROR", "ZeroDivisionError: division by zero")]


@pytest.mark.parametrize(
    ("template", "rate_limit", "concerned", "unconcerned"),
    [
        ("{{ states('light.t_l1') }}", None, "light.t_l1", "light.t_l2"),
        ("{{ states.light | list }}", 1.0, "light.any", "switch.t_a"),
        ("{{ states | list | length }}", 60.0, "switch.t_a", None),
        ("{{ now() }}", None, None, "light.t_l1"),
    ],
)
def test_dependencies(engine, template, rate_limit, concerned, unconcerned):
    """What a render read says what must change before it is worth rendering again, and how often."""
    info = engine.render_info(template)

    assert info.rate_limit == rate_limit
    assert info.has_time is ("now" in template)
    assert concerned is None or info.concerns(concerned)
    assert unconcerned is None or not info.concerns(unconcerned)


def test_counting_depends_on_membership_only(engine):
    """The number of entities changes when one comes or goes, not when one changes."""
    info = engine.render_info("{{ states.light | length }}")

    assert info.domains_lifecycle == {"light"}
    assert not info.domains
    assert not info.concerns("light.t_l1") and info.concerns("light.t_l1", lifecycle=True)


def test_new_states_are_seen(engine):
    """Nothing that was read is kept for the next render."""
    template = "{{ states('sensor.t_int') }} {{ states.sensor.t_int.state }}"
    assert engine.render(template) == "42 42"
    engine._home.states.put("sensor.t_int", "43")
    assert engine.render(template) == "43 43"


def test_messages_of_unknown_names(engine):
    assert engine.render_info("{{ nope }}").messages == [("WARNING", "'nope' is undefined")]


def test_state_in_variables_stands_for_its_entity(engine):
    """A state in a trigger's variables can be expanded and measured."""
    variables = {"trigger": {"to_state": engine._home.states.get("person.t_bob")}}

    assert engine.render("{{ (expand(trigger.to_state) | first).entity_id }}", variables) == "person.t_bob"
    assert 8 < engine.render("{{ distance(trigger.to_state) }}", variables) < 9


def test_registry_changes_are_seen(engine):
    """Indexes over the registries are renewed when their version grows."""
    registries = engine._home.registries
    assert engine.render("{{ area_id('Kitchen') }}") == "kitchen"
    area = registries.area("kitchen")
    area.name = "Scullery"
    registries.version += 1

    assert engine.render("{{ area_id('Scullery') }}") == "kitchen"
    assert engine.render("{{ area_id('Kitchen') }}") is None
