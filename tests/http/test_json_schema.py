"""voluptuous schemas told as JSON Schema."""

from __future__ import annotations

from enum import Enum
from typing import Any

import pytest
import voluptuous as vol

from marge.domains import _validators as validate
from marge.http.json_schema import Converter
from marge.services.targets import TARGET_FIELDS, require_target
from marge.util.schema import ensure_list, string


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


def known_in_words(value: Any) -> Any:
    """A thing of its own kind.

    More of it.
    """
    return value


CASES: list[tuple[Any, dict[str, Any]]] = [
    (str, {"type": "string"}),
    (int, {"type": "integer"}),
    (object, {}),
    (None, {"type": "null"}),
    ("on", {"const": "on"}),
    (vol.Any(str, None), {"type": ["string", "null"]}),
    (vol.Any("a", "b"), {"enum": ["a", "b"]}),
    (vol.Any(str, object), {}),
    (vol.In(["a", "b"]), {"enum": ["a", "b"]}),
    (vol.In({"b", "a"}), {"enum": ["a", "b"]}),
    (vol.Coerce(float), {"type": "number"}),
    (vol.Coerce(Colour), {"enum": ["red", "blue"]}),
    (vol.All(int, vol.Range(min=1, max=9)), {"type": "integer", "minimum": 1, "maximum": 9}),
    (vol.All(float, vol.Range(min=0, min_included=False)), {"type": "number", "exclusiveMinimum": 0}),
    (vol.All(str, vol.Length(min=1, max=5)), {"type": "string", "minLength": 1, "maxLength": 5}),
    (vol.All([str], vol.Length(max=5)), {"type": "array", "items": {"type": "string"}, "maxItems": 5}),
    (vol.All(ensure_list, [str]), {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
    ([], {"type": "array", "maxItems": 0}),
    ([str, int], {"type": "array", "items": {"type": ["string", "integer"]}}),
    (vol.Match(r"(?P<hour>\d+)$"), {"type": "string", "pattern": r"^(?:(\d+)$)"}),
    (vol.ExactSequence([int, int]), {"type": "array", "prefixItems": [{"type": "integer"}] * 2, "items": False,
                                     "minItems": 2}),
    (string, {"type": "string"}),
    (validate.percentage, {"type": "integer", "minimum": 0, "maximum": 100}),
    (known_in_words, {"description": "A thing of its own kind."}),
    (vol.All(str, known_in_words), {"type": "string", "description": "A thing of its own kind."}),
    ({"a": int}, {"type": "object", "properties": {"a": {"type": "integer"}}, "additionalProperties": False}),
    (vol.Schema({str: int}), {"type": "object", "additionalProperties": {"type": "integer"}}),
    (vol.Schema({"a": int}, required=True, extra=vol.ALLOW_EXTRA),
     {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]}),
]  # fmt: skip


@pytest.mark.parametrize("validator, expected", CASES)
def test_validators_are_told(validator: Any, expected: dict[str, Any]) -> None:
    """Each kind of validator in the words of JSON Schema."""
    assert Converter().convert(validator) == expected


def test_markers_tell_what_is_needed_and_what_it_is_otherwise() -> None:
    """Required, defaults, descriptions, and groups that go together or exclude each other."""
    found = Converter().convert(
        vol.Schema(
            {
                vol.Required("name", description="How it is called."): str,
                vol.Required("mode", default="box"): vol.In(["box", "slider"]),
                vol.Optional("size", default=lambda: 3): int,
                vol.Exclusive("a", "one"): int,
                vol.Exclusive("b", "one"): int,
                vol.Inclusive("c", "both"): int,
                vol.Inclusive("d", "both"): int,
                vol.Remove("old"): object,
                vol.Required(vol.Any("x", "y")): int,
            }
        )
    )

    properties = found["properties"]
    assert found["required"] == ["name"]
    assert properties["name"] == {"type": "string", "description": "How it is called."}
    assert properties["mode"]["default"] == "box" and properties["size"]["default"] == 3
    assert "old" not in properties and {"x", "y"} <= properties.keys()
    assert found["dependentRequired"] == {"c": ["d"], "d": ["c"]}
    a_or_b = [{"required": ["a"]}, {"required": ["b"]}]
    assert {"oneOf": [*a_or_b, {"not": {"anyOf": a_or_b}}]} in found["allOf"]
    assert {"anyOf": [{"required": ["x"]}, {"required": ["y"]}]} in found["allOf"]


def test_two_conditions_of_the_same_kind_stand_beside_each_other() -> None:
    """`anyOf` of a target and of the data do not overwrite each other."""
    keys = validate.has_at_least_one_key("high", "low")
    found = Converter().convert(vol.All(keys, vol.Schema({"high": int, "low": int, **TARGET_FIELDS}), require_target))

    assert found["anyOf"] == [{"required": ["high"]}, {"required": ["low"]}]
    assert {"required": ["area_id"]} in found["allOf"][0]["anyOf"]


def test_a_schema_that_holds_itself_ends() -> None:
    """What is nested without end is left open."""
    fields: dict[Any, Any] = {}
    schema = vol.Schema({vol.Optional("more"): vol.Any(str, [lambda value: value])})
    fields["inner"] = fields

    assert Converter().convert(fields)["type"] == "object"
    assert Converter().convert(schema)["type"] == "object"
