"""Hostile input: whatever comes, a validator answers with a value or with `vol.Invalid`, and nothing else."""

from __future__ import annotations

import datetime as dt

import pytest
import voluptuous as vol
from hypothesis import given, settings
from hypothesis import strategies as st

from marge.domains import _validators as validate
from marge.entities import load_domains
from marge.services.targets import TARGET_FIELDS

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
    | st.sampled_from(["01:02", "1:2:3", "99:99", "2026-02-30", "2026-01-01 25:00", "0000-01-01 00:00", "on", "1e999"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip
NAMES = (
    "string", "boolean", "ensure_list", "entity_id", "entity_ids", "slug", "icon", "time_period",
    "positive_time_period", "date", "time", "datetime", "byte", "small_float", "percentage", "latitude", "gps",
)  # fmt: skip


@given(st.sampled_from(NAMES), ANYTHING)
@settings(max_examples=300)
def test_validators_raise_only_their_own_error(name, value):
    """For any value of any type."""
    checked = vol.Schema(getattr(validate, name))
    try:
        checked(value)
    except vol.Invalid:
        pass


def schema_of(service):
    return service.schema if callable(service.schema) else vol.Schema({**service.schema, **TARGET_FIELDS})


SCHEMAS = [
    (f"{domain.name}.{name}", schema_of(service))
    for domain in load_domains().values()
    for name, service in domain.services.items()
]
KEYS = sorted(
    {key for domain in load_domains().values() for service in domain.services.values() for key in service.fields}
)


@given(st.sampled_from(SCHEMAS), st.dictionaries(st.sampled_from(KEYS), ANYTHING, max_size=3))
@settings(max_examples=400)
def test_service_schemas_raise_only_their_own_error(schema, data):
    """For any data of any service."""
    try:
        schema[1](data)
    except vol.Invalid:
        pass


@given(st.sampled_from([d for d in load_domains().values() if d.config_schema is not None]), ANYTHING)
def test_configuration_schemas_raise_only_their_own_error(domain, conf):
    """For any content of a file."""
    try:
        vol.Schema(domain.config_schema)(conf)
    except vol.Invalid:
        pass


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (5, 5), ("5", 5), ("00:01", 60), ("01:02:03", 3723), ("-00:00:02", -2), ("00:00:01.5", 1.5),
        ({"minutes": 1, "seconds": "2"}, 62), (dt.timedelta(seconds=9), 9), (-2.5, -2.5),
    ],
)  # fmt: skip
def test_durations(value, seconds):
    """All the ways of saying how long."""
    assert validate.time_period(value).total_seconds() == seconds


@pytest.mark.parametrize("value", [float("inf"), float("nan"), "nan", "1e999", None, [], {}])
def test_numbers_are_finite(value):
    """Infinity and NaN are no numbers of a home."""
    for check in (validate.integer, validate.number):
        with pytest.raises(vol.Invalid, match="expected (int|float)"):
            check(value)


@pytest.mark.parametrize("value", ["abc", "1:2:3:4", "00:99", {}, {"weeks": 1}, None, [], 1e300, float("nan"), True])
def test_durations_that_are_none(value):
    """And some that say nothing."""
    with pytest.raises(vol.Invalid):
        validate.time_period(value)


def test_offsets_of_moments():
    """With an offset a moment is aware, without one it stays the home's."""
    aware = validate.datetime("2026-02-03T04:05:06+01:00")
    assert aware == dt.datetime(2026, 2, 3, 3, 5, 6, tzinfo=dt.UTC)
    assert validate.datetime("2026-02-03 04:05").tzinfo is None
