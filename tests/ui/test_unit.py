"""The interface's types, lint and unit tests, and what its build weighs."""

from __future__ import annotations

import pytest

from tests.ui.kit import built, manifest, node

pytestmark = pytest.mark.ui
CACHE = "../.cache/eslint/"
HOME_BYTES = 350 * 1024
"""Of compressed JavaScript for the home page: what a phone on a bad network still opens at once."""
HOME = (
    "index.html", "src/app/Shell.tsx", "src/pages/home/HomePage.tsx", "src/cards/tile.tsx", "src/cards/heading.tsx",
    "virtual:texts/en", "virtual:icons/usual",
)  # fmt: skip


def test_the_sources_have_right_types() -> None:
    """The compiler, strict."""
    node("node_modules/typescript/bin/tsc", "--noEmit")


def test_the_sources_are_clean() -> None:
    """ESLint with the rules of React and of accessibility."""
    node("node_modules/eslint/bin/eslint.js", ".", "--max-warnings", "0", "--cache", "--cache-location", CACHE)


def test_the_unit_tests_pass() -> None:
    """vitest."""
    node("node_modules/vitest/vitest.mjs", "run")


def test_the_home_page_is_light() -> None:
    """What the page, the shell and the home page load before anything else, compressed as it is sent."""
    table = manifest()
    wanted: set[str] = set()

    def collect(key: str) -> None:
        if key not in wanted:
            wanted.add(key)
            for each in table[key].get("imports", []):
                collect(each)

    for key in HOME:
        found = [each for each in table if each.endswith(key)]
        assert found, key
        collect(found[0])
    total = 0
    for key in wanted:
        file = built() / table[key]["file"]
        twin = file.with_name(f"{file.name}.gz")
        total += (twin if twin.exists() else file).stat().st_size
    print(f"the home page loads {total / 1024:.0f} KiB of compressed JavaScript in {len(wanted)} files")
    assert total <= HOME_BYTES
