"""A home's place and units, and that nothing a user writes makes the load raise."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from marge.config import UNIT_SYSTEMS, load_home, locate
from tests.config.conftest import Load, found

CORE = """\
homeassistant:
  name: Marge Demo Home
  latitude: 40.3916
  longitude: -111.8508
  elevation: 1387
  unit_system: us_customary
  time_zone: America/Denver
  currency: USD
  country: US
"""


def test_the_core_block(load: Load) -> None:
    """Everything `GET /api/config` needs."""
    home = load({"configuration.yaml": CORE})

    assert home.problems == ()
    assert (home.location_name, home.latitude, home.longitude) == ("Marge Demo Home", 40.3916, -111.8508)
    assert (home.elevation, home.currency, home.country, home.language) == (1387, "USD", "US", "en")
    assert home.time_zone == ZoneInfo("America/Denver")
    assert dict(home.units) == {
        "length": "mi",
        "accumulated_precipitation": "in",
        "area": "ft²",
        "mass": "lb",
        "pressure": "psi",
        "temperature": "°F",
        "volume": "gal",
        "wind_speed": "mph",
    }


def test_both_unit_systems_have_the_same_quantities() -> None:
    """A client may ask for each."""
    assert set(UNIT_SYSTEMS["metric"]) == set(UNIT_SYSTEMS["us_customary"])


def test_wrong_values_of_the_core_block_keep_defaults(load: Load) -> None:
    """Each is named with its line; the nearest time zone is offered."""
    home = load(
        {
            "configuration.yaml": (
                "homeassistant:\n  latitude: 91\n  longitude: east\n  time_zone: Europe/Berln\n  country: Germany\n"
                "  unit_system: old\n  elevation: .nan\n  currency: 5\n  name: Here\n"
            )
        }
    )

    assert [line for _, _, line in found(home)] == [2, 3, 4, 5, 6, 7, 8]
    assert "Europe/Berlin" in home.problems[2].message
    assert (home.latitude, home.time_zone.key, home.location_name) == (0.0, "UTC", "Here")


def test_norway_is_a_country(load: Load) -> None:
    """YAML reads an unquoted NO as a boolean."""
    home = load({"configuration.yaml": "homeassistant:\n  country: NO\n"})

    assert (home.country, home.problems) == ("NO", ())


def test_locate_follows_a_path_as_far_as_it_goes(load: Load) -> None:
    """What a schema's error path gives, into included files too."""
    home = load(
        {
            "configuration.yaml": "automation: !include a.yaml\n",
            "a.yaml": "- alias: A\n  triggers:\n    - trigger: state\n      to: x\n",
        }
    )

    automations = home.sections["automation"]
    assert locate(automations, [0, "triggers", 0, "to"]) == ("a.yaml", 4)
    assert locate(automations, [0, "triggers", 0, "missing", "deep"]) == ("a.yaml", 3)
    assert locate(automations, [7]) == ("a.yaml", 1)


def test_a_main_file_that_is_no_mapping(load: Load) -> None:
    """Reported; defaults hold."""
    home = load({"configuration.yaml": "- a\n- b\n"})

    assert found(home) == [("error", "configuration.yaml", 1)]
    assert home.location_name == "Home"


@given(st.binary(max_size=300))
def test_any_bytes_load(content: bytes) -> None:
    """Findings, never an exception."""
    with TemporaryDirectory() as directory:
        (Path(directory) / "configuration.yaml").write_bytes(content)
        load_home(directory, {})


_KEYS = st.sampled_from(
    ["homeassistant", "marge", "automation", "logger", "http", "recorder", "packages", "virtual_entities", "broker"]
    + ["auth", "mode", "port", "logs", "default", "latitude", "time_zone", "script", "country", "mqtt", "compat"]
    + ["profile"]
)
_SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
_VALUES: st.SearchStrategy[object] = st.recursive(
    _SCALARS | st.just("open") | st.just("external"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(_KEYS, _VALUES, max_size=5))
def test_any_types_under_any_key_load(data: dict[str, object]) -> None:
    """Wrong types are findings, never exceptions."""
    import yaml

    with TemporaryDirectory() as directory:
        (Path(directory) / "configuration.yaml").write_text(yaml.safe_dump(data), encoding="utf-8")
        load_home(directory, {})
