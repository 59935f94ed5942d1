"""voluptuous schemas as JSON Schema (draft 2020-12), for the description of the API.

What a validator does beyond JSON Schema is left open: the result never refuses what the validator takes in its usual
spelling. Validators say with `marge.util.schema.shaped` what they take; unknown ones give their docstring.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any

import voluptuous as vol

from marge.model import dumps
from marge.util.schema import ensure_list, shape_of

Json = dict[str, Any]

_TYPES: Mapping[Any, str] = {
    str: "string", int: "integer", float: "number", bool: "boolean", dict: "object", list: "array", tuple: "array",
    type(None): "null",
}  # fmt: skip
_NAMED_GROUP = re.compile(r"\(\?P<[^>]*>")
MAX_DEPTH = 40


class Converter:
    """Converts validators. `names`: components that stand for validators, by the `id` of the validator."""

    def __init__(self, names: Mapping[int, str] | None = None) -> None:
        self._names = names or {}
        self._depth = 0

    def convert(self, validator: Any) -> Json:
        """The JSON Schema of a voluptuous schema or validator; a fresh dict. Never raises."""
        name = self._names.get(id(validator))
        if name is not None:
            return {"$ref": f"#/components/schemas/{name}"}
        if self._depth > MAX_DEPTH:  # a schema that holds itself
            return {}
        self._depth += 1
        try:
            return self._convert(validator)
        finally:
            self._depth -= 1

    def _convert(self, validator: Any) -> Json:
        shape = shape_of(validator)
        if shape is not None:
            return dict(shape)
        if isinstance(validator, vol.Schema):
            if isinstance(validator.schema, Mapping):
                return self._object(validator.schema, validator.extra, validator.required)
            return self.convert(validator.schema)
        if isinstance(validator, Mapping):
            return self._object(validator, vol.PREVENT_EXTRA, False)
        if isinstance(validator, (list, tuple, set, frozenset)):
            return self._array(validator)
        if validator is object or validator is vol.Extra:
            return {}
        if validator is None:
            return {"type": "null"}
        if isinstance(validator, type):
            return {"type": _TYPES[validator]} if validator in _TYPES else {}
        if isinstance(validator, (str, int, float, bool)):
            return {"const": _plain(validator)}
        return self._validator(validator)

    def _validator(self, validator: Any) -> Json:
        match validator:
            case vol.All():
                return self._all(validator.validators)
            case vol.Any() | vol.Union():
                return self._any(validator.validators)
            case vol.In():
                return _enum(validator.container)
            case vol.NotIn():
                return {"not": _enum(validator.container)}
            case vol.Coerce():
                return self._coerced(validator.type)
            case vol.Range():
                return _range(validator)
            case vol.Length():
                return _length(validator, "Length") | _length(validator, "Items")
            case vol.Match():
                return {"type": "string", "pattern": _NAMED_GROUP.sub("(", f"^(?:{validator.pattern.pattern})")}
            case vol.ExactSequence():
                items = [self.convert(each) for each in validator.validators]
                return {"type": "array", "prefixItems": items, "items": False, "minItems": len(items)}
            case vol.Msg():
                return self.convert(validator.schema)
            case vol.Literal():
                return {"const": validator.lit} if _is_json(validator.lit) else {}
            case vol.Clamp() | vol.SetTo() | vol.DefaultTo():
                return {}
        return _described(validator)

    # -- several validators ------------------------------------------------------------------------------------------

    def _any(self, validators: Iterable[Any]) -> Json:
        found: list[Json] = []
        for each in validators:
            schema = self.convert(each)
            if schema not in found:
                found.append(schema)
        if not all(found):
            return {}  # one of them takes anything
        if len(found) == 1:
            return found[0]
        if all(set(each) == {"const"} for each in found):
            return _enum(each["const"] for each in found)
        if all(set(each) == {"type"} and isinstance(each["type"], str) for each in found):
            return {"type": [each["type"] for each in found]}
        return {"anyOf": found}

    def _all(self, validators: Iterable[Any]) -> Json:
        parts = list(validators)
        lengths = [each for each in parts if type(each) is vol.Length]
        others = [each for each in parts if type(each) is not vol.Length]
        one_or_many = bool(others) and others[0] is ensure_list
        merged = _merge(self.convert(each) for each in (others[1:] if one_or_many else others))
        for each in lengths:
            merged = _merge([merged, _length(each, "Items" if merged.get("type") == "array" else "Length")])
        if one_or_many:
            items = merged.get("items", {})
            return {"anyOf": [items, merged]} if items else {}
        return merged

    def _array(self, items: Iterable[Any]) -> Json:
        validators = list(items)
        if not validators:
            return {"type": "array", "maxItems": 0}
        schema = self._any(validators)
        return {"type": "array", "items": schema} if schema else {"type": "array"}

    def _coerced(self, kind: Any) -> Json:
        if isinstance(kind, type) and issubclass(kind, Enum):
            return _enum(each.value for each in kind)
        return {"type": _TYPES[kind]} if kind in (str, int, float, bool) else {}

    # -- objects -----------------------------------------------------------------------------------------------------

    def _object(self, fields: Mapping[Any, Any], extra: int, all_required: bool) -> Json:
        properties: dict[str, Json] = {}
        required: list[str] = []
        rest: list[Json] = []
        groups: dict[str, list[str]] = {}
        together: dict[str, list[str]] = {}
        conditions: list[Json] = []
        for key, value in fields.items():
            if isinstance(key, vol.Remove):
                continue
            name = key.schema if isinstance(key, vol.Marker) else key
            is_required = isinstance(key, vol.Required) or (all_required and not isinstance(key, vol.Marker))
            schema = self.convert(value)
            if isinstance(name, vol.Any):
                choices = [each for each in name.validators if isinstance(each, str)]
                properties.update(dict.fromkeys(choices, schema))
                if is_required and choices:
                    conditions.append({"anyOf": [{"required": [each]} for each in choices]})
                continue
            if not isinstance(name, str):
                rest.append(schema)
                continue
            properties[name] = _with_facts(schema, key)
            if is_required and "default" not in properties[name]:
                required.append(name)
            if isinstance(key, vol.Exclusive):
                groups.setdefault(key.group_of_exclusion, []).append(name)
            if isinstance(key, vol.Inclusive):
                together.setdefault(key.group_of_inclusion, []).append(name)
        found: Json = {"type": "object"}
        if properties:
            found["properties"] = properties
        if required:
            found["required"] = required
        if rest:
            found["additionalProperties"] = rest[0] if len(rest) == 1 else {"anyOf": rest}
        elif extra == vol.PREVENT_EXTRA:
            found["additionalProperties"] = False
        dependent = {name: [each for each in names if each != name] for names in together.values() for name in names}
        if any(dependent.values()):
            found["dependentRequired"] = dependent
        for names in groups.values():
            each_alone = [{"required": [name]} for name in names]
            if len(each_alone) > 1:
                conditions.append({"oneOf": [*each_alone, {"not": {"anyOf": each_alone}}]})
        if conditions:
            found["allOf"] = conditions
        return found


def _with_facts(schema: Json, key: Any) -> Json:
    """A property with the default and the description of its marker."""
    if not isinstance(key, vol.Marker):
        return schema
    facts: Json = {}
    if isinstance(key.description, str):
        facts["description"] = key.description
    default = getattr(key, "default", vol.UNDEFINED)
    if not isinstance(default, vol.Undefined) and callable(default):
        value = default()
        if _is_json(value):
            facts["default"] = value
    return {**schema, **facts}


def _merge(schemas: Iterable[Json]) -> Json:
    """One schema that wants all of them; where two say different things of the same keyword, side by side."""
    merged: Json = {}
    beside: list[Json] = []
    for schema in schemas:
        clash = any(key in merged and merged[key] != value for key, value in schema.items() if key != "description")
        if clash or ("$ref" in schema and merged):
            beside.append(schema)
            continue
        told = [each["description"] for each in (merged, schema) if "description" in each]
        merged |= schema
        if told:
            merged["description"] = " ".join(dict.fromkeys(told))
    if beside:
        merged["allOf"] = [*merged.get("allOf", []), *beside]
    return merged


def _enum(values: Any) -> Json:
    known = [_plain(each) for each in values]
    if isinstance(values, (set, frozenset)):
        known.sort(key=str)
    return {"enum": known} if known and all(_is_json(each) for each in known) else {}


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value


def _range(validator: vol.Range) -> Json:
    found: Json = {}
    if isinstance(validator.min, (int, float)):
        found["minimum" if validator.min_included else "exclusiveMinimum"] = validator.min
    if isinstance(validator.max, (int, float)):
        found["maximum" if validator.max_included else "exclusiveMaximum"] = validator.max
    return found


def _length(validator: vol.Length, kind: str) -> Json:
    found: Json = {}
    if validator.min:
        found[f"min{kind}"] = validator.min
    if validator.max is not None:
        found[f"max{kind}"] = validator.max
    return found


def _described(validator: Any) -> Json:
    """Anything, with what the validator says of itself."""
    text = getattr(validator, "__doc__", None) if hasattr(validator, "__name__") else None
    return {"description": first_sentence(text)} if text else {}


def first_sentence(text: str | None) -> str:
    """The first paragraph of a docstring on one line; "" of nothing."""
    paragraph = (text or "").strip().partition("\n\n")[0]
    return " ".join(paragraph.split()).removeprefix("voluptuous validator: ")


def _is_json(value: Any) -> bool:
    if not isinstance(value, (str, int, float, bool, list, dict, type(None))):
        return False
    try:
        dumps(value)
    except (TypeError, ValueError):
        return False
    return True
