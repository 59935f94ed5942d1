"""A disk that fills: a notice, then less history; and nothing of that for files that are not ours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from marge.actors import ChildSpec
from marge.history.disk_watch import DiskWatch, Space
from tests.support.home import HomeServer, home_server
from tests.support.waiting import until

GB = 1_000_000_000


class Disk:
    """What the watch is told."""

    def __init__(self) -> None:
        self.used, self.total = 0.5, GB

    def __call__(self, _path: Path) -> Space:
        return Space(self.total, round(self.total * (1 - self.used)))


@pytest.fixture
def home() -> Iterator[HomeServer]:
    with home_server(history_days=10) as server:
        yield server


@pytest.fixture
def watched(home: HomeServer) -> Callable[[Disk], DiskWatch]:
    """A watch of the test's own disk; each call is another look."""
    count = 0

    def watch(disk: Disk) -> DiskWatch:
        nonlocal count
        count += 1
        home.home.system.spawn(ChildSpec(f"disk{count}", DiskWatch, (home.home, disk)))
        actor = home.home.system.actor(f"/disk{count}")
        assert isinstance(actor, DiskWatch)
        until(lambda: actor.describe()["disk_used"] is not None)
        return actor

    return watch


def issues(home: HomeServer) -> dict[str, dict[str, str]]:
    return {each.issue_id: dict(each.translation_placeholders or {}) for each in home.home.registries.issues.all()}


def old_states(home: HomeServer) -> int:
    """Of the one entity: the home writes those of its own meanwhile."""
    text = "SELECT count(*) FROM states WHERE entity = 77"
    found = home.home.storage.database.run(lambda db: db.execute_sql(text).fetchone())
    return int(found[0])


def test_a_nearly_full_disk_is_a_notice(home: HomeServer, watched: Callable[[Disk], DiskWatch]) -> None:
    """With what people need to know, as an issue that goes when there is room again."""
    disk = Disk()
    disk.used = 0.93
    watch = watched(disk)
    until(lambda: "disk_nearly_full" in issues(home))
    assert issues(home)["disk_nearly_full"]["used"] == "93%"
    assert watch.describe()["cuts"] == 0

    watch._judge(Space(GB, GB // 2))
    assert "disk_nearly_full" not in issues(home)


def test_an_almost_full_disk_costs_old_history(home: HomeServer, watched: Callable[[Disk], DiskWatch]) -> None:
    """Half of the days go, and the space is given back; once an hour at most."""
    now = home.home.clock.now()
    rows = [(77, round((now - days * 86_400) * 1e6)) for days in (9, 8, 7, 2, 1)]
    text = "INSERT INTO states (entity, updated_us, state) VALUES (?, ?, 'x')"
    home.home.storage.database.run(lambda db: db.connection().executemany(text, rows) and None)
    home.home.storage.database.run(lambda db: db.execute_sql("INSERT INTO entities VALUES (77, 'sensor.old')"))
    disk = Disk()
    disk.used, disk.total = 0.96, 1_000_000  # so small that our database is a part of it worth cutting
    watch = watched(disk)

    until(lambda: old_states(home) == 2)
    assert watch.describe()["cuts"] == 1
    watch._judge(Space(1_000_000, 1_000))
    assert watch.describe()["cuts"] == 1


def test_history_stays_when_something_else_fills_the_disk(
    home: HomeServer, watched: Callable[[Disk], DiskWatch]
) -> None:
    """A small database is not what would help."""
    disk = Disk()
    disk.used, disk.total = 0.99, 1_000 * GB
    assert watched(disk).describe()["cuts"] == 0


def test_health_and_metrics_tell_the_size_of_the_database(home: HomeServer) -> None:
    """And how full its disk is."""
    until(lambda: home.rest("GET", "/api/health").json()["core"]["database_bytes"])
    assert 0 < home.rest("GET", "/api/health").json()["core"]["disk_used"] < 1
    text = home.rest("GET", "/metrics").text
    for name in ("marge_database_bytes", "marge_disk_free_bytes", "marge_recorder_shed_total 0"):
        assert f"\n{name}" in text
