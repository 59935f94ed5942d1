"""From YAML text to data: what is broken says where, and nothing brings the process down."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marge.config import Unresolved, YamlError, parse_yaml
from marge.config.depth import MAX_DEPTH


def test_duplicate_key_warns_and_the_last_one_counts() -> None:
    """Both lines are named."""
    data, problems = parse_yaml("a: 1\nb: 2\na: 3\n", "x.yaml")

    assert data == {"a": 3, "b": 2}
    assert [(p.severity, p.line) for p in problems] == [("warning", 3)]
    assert "line 1" in problems[0].message


def test_merge_keys_are_no_duplicates() -> None:
    """`<<` brings defaults that own keys override."""
    data, problems = parse_yaml("base: &b {x: 1, y: 2}\nmine:\n  <<: *b\n  y: 3\n")

    assert data == {"base": {"x": 1, "y": 2}, "mine": {"x": 1, "y": 3}}
    assert problems == ()


def test_unquoted_template_is_named_and_spoils_only_itself() -> None:
    """The commonest mistake in Home Assistant files."""
    data, problems = parse_yaml("a: {{ states('x') }}\nb: 1\n")

    assert data == {"a": Unresolved("mapping"), "b": 1}
    assert "quotes" in (problems[0].hint or "")


@pytest.mark.parametrize("text", ["2024-13-45", "!!int abc", "!!bool maybe", "!!float x", "!!timestamp x", "9" * 5000])
def test_impossible_scalar_spoils_only_itself(text: str) -> None:
    """PyYAML raises bare Python errors for these."""
    data, problems = parse_yaml(f"a: {text}\nb: 1\n")

    assert data == {"a": Unresolved("value"), "b": 1}
    assert [p.line for p in problems] == [1]


@pytest.mark.parametrize("tag", ["!nonsense", "!!python/object/apply:os.system", "!!python/name:os.system"])
def test_unknown_tags_are_reported_and_run_nothing(tag: str) -> None:
    """Also PyYAML's own dangerous ones."""
    data, problems = parse_yaml(f"a: {tag} [x]\nb: 1\n")

    assert data["b"] == 1 and isinstance(data["a"], Unresolved)  # type: ignore[index]
    assert len(problems) == 1


@pytest.mark.parametrize(
    "text", ["[" * 200_000, "{a: " * 200_000, "- " * 200_000 + "x", "? " * 200_000, "'[' : " + "[" * 300]
)
def test_deep_nesting_is_refused(text: str) -> None:
    """Composing it would overflow the C stack and end the process."""
    with pytest.raises(YamlError):
        parse_yaml(text)


def test_nesting_up_to_the_limit_is_read() -> None:
    """The limit is counted in collections."""
    data, _ = parse_yaml("[" * MAX_DEPTH + "]" * MAX_DEPTH)

    for _ in range(MAX_DEPTH - 1):
        data = data[0]  # type: ignore[index]
    assert data == []


def test_broken_text_names_line_and_column() -> None:
    """Counted from one, as editors do."""
    with pytest.raises(YamlError) as caught:
        parse_yaml("a: 1\nb: [1, 2\nc: 3\n", "x.yaml")

    assert (caught.value.file, caught.value.line) == ("x.yaml", 3)
    assert caught.value.column is not None


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=200))
def test_any_text_parses_or_raises_its_own_error(text: str) -> None:
    """Nothing but `YamlError` comes out."""
    try:
        parse_yaml(text)
    except YamlError:
        pass


_YAMLISH = st.lists(
    st.sampled_from(
        ["a", ": ", "- ", "\n", "  ", "[", "]", "{", "}", "&x ", "*x", "!secret ", "!input x", "<<: ", "'", '"', "|\n"]
        + ["? ", "#", "---\n", "%YAML 1.1\n", "!!set ", "!!omap ", "!!binary ", "12:30", "2024-01-01", "~", ","]
    ),
    max_size=40,
).map("".join)


@given(_YAMLISH)
def test_any_yamlish_text_parses_or_raises_its_own_error(text: str) -> None:
    """Indicators in every order."""
    try:
        parse_yaml(text)
    except YamlError:
        pass
