"""Units convert within their class and nowhere else."""

import pytest

from marge.util.units import VALID_UNITS, can_convert, convert, convert_difference, unit_class


@pytest.mark.parametrize(
    ("value", "from_unit", "to_unit", "expected"),
    [
        (20, "°C", "°F", 68),
        (68, "°F", "°C", 20),
        (0, "°C", "K", 273.15),
        (1, "kWh", "Wh", 1000),
        (3.6, "MJ", "kWh", 1),
        (1, "mi", "km", 1.609344),
        (36, "km/h", "m/s", 10),
        (1, "GiB", "MiB", 1024),
        (1013.25, "hPa", "inHg", 29.92125),
        (1, "m³", "L", 1000),
        (20, "kWh/100km", "km/kWh", 5),
        (5, "km/kWh", "kWh/100km", 20),
        (50, "%", None, 0.5),
    ],
)
def test_values_convert(value, from_unit, to_unit, expected):
    """As anybody would work it out, and back again."""
    assert convert(value, from_unit, to_unit) == pytest.approx(expected, rel=1e-5)
    assert convert(convert(value, from_unit, to_unit), to_unit, from_unit) == pytest.approx(value)


def test_classes_are_has():
    """The names that clients know; what belongs to none has none."""
    assert [unit_class(each) for each in ("kWh", "W", "°F", "%", "m³/h", "mmol/L")] == [
        "energy", "power", "temperature", "unitless", "volume_flow_rate", "blood_glucose_concentration"
    ]
    assert unit_class("ppm") is None and unit_class("bananas") is None


def test_nothing_converts_into_another_class():
    """Equal units do, whatever they are."""
    assert can_convert("bananas", "bananas") and not can_convert("W", "kWh") and not can_convert("bananas", "W")
    with pytest.raises(ValueError, match="cannot be converted"):
        convert(1, "W", "kWh")


def test_a_difference_of_temperatures_has_no_zero():
    """One degree Celsius more is 1.8 Fahrenheit more."""
    assert convert_difference(1, "°C", "°F") == pytest.approx(1.8)
    assert convert_difference(1, "kWh", "Wh") == 1000


def test_every_unit_belongs_to_one_class():
    """Or nobody could tell what a statistic is of."""
    units = [unit for units in VALID_UNITS.values() for unit in units]

    assert len(units) == len(set(units))
