"""Versions compare as people expect."""

from __future__ import annotations

import pytest

from marge.templating.version import Version


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("1.2", "1.10"), ("1.2.3", "1.2.4"), ("1.2.3b1", "1.2.3"), ("1.2.3dev0", "1.2.3b1"), ("1.2.3a1", "1.2.3b0"),
        ("1.2.3b1", "1.2.3rc1"), ("2024.12.5", "2025.4.0"), ("v1.0", "1.1"), ("1.0.0-beta.1", "1.0.0-beta.2"),
    ],
)
def test_order(older, newer):
    assert Version(older) < newer
    assert Version(newer) > Version(older)
    assert Version(newer) >= older and Version(older) <= newer
    assert Version(older) != newer


def test_equal():
    """Zeros at the end and the prefix make no difference."""
    assert Version("1.2") == Version("1.2.0")
    assert Version("v1.2") == "1.2"
    assert Version("x") != "y"


def test_parts():
    version = Version("2025.4.1b3")

    assert (version.major, version.minor, version.patch, version.section(3)) == (2025, 4, 1, 0)
    assert version.beta and not version.dev and not version.release_candidate and version.modifier == "b3"
    assert str(Version("1.3") - "1.2").startswith("AwesomeVersionDiff(major=False, minor=True")


def test_unknown_versions_do_not_compare():
    with pytest.raises(ValueError):
        assert Version("what") < "1.0"
