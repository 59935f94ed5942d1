"""The server's side of the sun: a child process that may fail, a home that moves, a clock that jumps."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import gevent
import psutil
import pytest

from marge.automations.sun_times import find_next, sun_times_of_day
from marge.errors import Unavailable
from marge.solar import SunTable, almanac
from marge.solar.almanac import PATH, almanac_of
from marge.solar.table import DAY_S
from marge.storage import Database, KeyValue
from marge.util.dt import from_epoch
from tests.domains.home import NOW, running_home
from tests.solar.tables import solar_event, table_for
from tests.solar.test_table import epoch
from tests.support.waiting import until

YEAR_S = 365 * DAY_S


def document_for(at, place):
    """What the child prints, made here: most tests are not about the process."""
    table = table_for(at, place)
    names = [name.removeprefix("_") for name in SunTable.__slots__]
    return {name: getattr(table, f"_{name}" if hasattr(table, f"_{name}") else name) for name in names} | {
        "format": 1, "place": list(table.place), "events": {kind: list(each) for kind, each in table._events.items()},
        "below": list(table._below), "ahead": list(table._ahead),
    }  # fmt: skip


class Child:
    """Stands in for the child process; `fails` is why it does not answer."""

    def __init__(self):
        self.asked = []
        self.fails = None

    def __call__(self, at, place):
        self.asked.append((at, place))
        gevent.sleep(0)
        if self.fails is not None:
            raise Unavailable(self.fails)
        return document_for(at, place)


@pytest.fixture
def child(monkeypatch):
    stand_in = Child()
    monkeypatch.setattr(almanac, "ask_child", stand_in)
    return stand_in


def wait_for(condition, home, what):
    """The child answers in real time."""
    until(lambda: (home.settle(), condition())[1], what=what)


def known(home):
    return lambda: almanac_of(home.home).exact(home.clock.home_now()) is not None


def today(home):
    return from_epoch(home.clock.home_now()).astimezone(home.home.config.time_zone).date()


# -- the real process ------------------------------------------------------------------------------------------------


def test_the_child_prints_a_table_and_the_server_needs_no_numpy():
    """The whole way, in a process of its own that imports what the server imports."""
    program = (
        "import gevent.monkey; gevent.monkey.patch_all()\n"
        "import sys\n"
        "from marge.solar import Place, SunTable\n"
        "from marge.solar.almanac import ask_child\n"
        "from marge import app\n"
        f"table = SunTable.of_document(ask_child({NOW}, Place(40.39, -111.85, 1387.0)))\n"
        f"print(table.next_event('sunset', {NOW}))\n"
        "print(*[name for name in ('numpy', 'skyfield', 'jplephem') if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    lines = done.stdout.splitlines()
    assert (float(lines[0]), lines[1:]) == (solar_event("sunset", NOW, 40.39, -111.85, 1387.0), [""]), done.stderr


def test_a_killed_child_is_made_good():
    """kill -9 in the middle: a line in the log, another child soon after, and the answer."""
    with running_home(without=()) as home:
        me = psutil.Process()
        children = lambda: [each for each in me.children() if "marge.solar.child" in " ".join(each.cmdline())]  # noqa: E731
        until(children, what="the child")
        os.kill(children()[0].pid, signal.SIGKILL)
        sun = almanac_of(home.home)
        wait_for(lambda: sun.problem is not None, home, "the failure")
        assert "was killed by signal 9" in str(sun.problem) and sun.table is None
        assert home.state("sun.sun").state == "unknown"
        home.clock.advance(1.5)
        wait_for(known(home), home, "the second child's answer")
        wait_for(lambda: home.state("sun.sun").state == "above_horizon", home, "the sun")
        assert sun.problem is None


def test_a_stopped_home_leaves_no_child():
    """The end of the home does not wait for the table and takes the process along."""
    me = psutil.Process()
    others = set(me.children())
    with running_home(without=()):
        child = until(lambda: next(iter(set(me.children()) - others), None), what="the child")
    until(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE, what="its end")


def test_nonsense_is_not_asked():
    """A place that is no number starts no process."""
    with pytest.raises(Unavailable, match="no place or time"):
        almanac.ask_child(float("nan"), table_for(NOW, (0.0, 0.0, 0.0)).place)


# -- with a stand-in -------------------------------------------------------------------------------------------------


def test_before_the_first_table_nobody_hangs(child):
    """Conditions say that nothing is known and why; triggers get their answer when it comes."""
    child.fails = "out of order"
    with running_home(without=()) as home:
        sun = almanac_of(home.home)
        wait_for(lambda: sun.problem == "out of order", home, "the failure")
        with pytest.raises(Unavailable, match="not known yet: out of order"):
            sun_times_of_day(home.home, today(home))
        answers: list[float | None] = []
        find_next(home.home, "a trigger", "sunset", NOW, answers.append)
        find_next(home.home, "a trigger", "sunrise", NOW, answers.append)  # it has changed its mind
        find_next(home.home, "another", "sunset", NOW, answers.append)
        almanac_of(home.home).forget("another")
        assert answers == []
        child.fails = None
        home.clock.advance(1.5)
        wait_for(lambda: answers, home, "the answer")
        assert answers == [solar_event("sunrise", NOW, 40.39, -111.85, 1387.0)]
        assert sun.describe()["waiting"] == 0


def test_pauses_grow_while_it_fails(child):
    """1, 5, 30 s: a broken installation is not tried all the time."""
    child.fails = "no numpy"
    with running_home(without=()) as home:
        wait_for(lambda: len(child.asked) == 1, home, "the first")
        for pause, count in ((0.9, 1), (0.2, 2), (4.8, 2), (0.3, 3), (29.0, 3), (1.5, 4)):
            home.clock.advance(pause)
            wait_for(lambda count=count: len(child.asked) == count, home, f"{count} tries")
        for _ in range(50):
            almanac_of(home.home).exact(NOW)  # many that ask do not hurry it
        home.settle()
        assert len(child.asked) == 4


def test_a_home_that_moves_has_its_sun(child):
    """The former place's table serves until the new one is there; the entity follows."""
    with running_home(without=()) as home:
        wait_for(known(home), home, "the first table")
        before = sun_times_of_day(home.home, today(home))
        child.fails = "for a moment"
        home.call("homeassistant.set_location", latitude=10.0, longitude=20.0, elevation=5)
        assert sun_times_of_day(home.home, today(home)) == before
        wait_for(lambda: almanac_of(home.home).problem, home, "the failure")
        child.fails = None
        home.clock.advance(1.5)
        wait_for(known(home), home, "the new table")
        assert sun_times_of_day(home.home, today(home)) != before
        wanted = solar_event("sunset", home.clock.home_now(), 10.0, 20.0, 5.0)
        wait_for(
            lambda: epoch(home.state("sun.sun").attributes["next_setting"]) == pytest.approx(wanted), home, "the sun"
        )


def test_a_clock_set_far_away_has_an_answer_at_once(child):
    """Minutes off while the right table is made, then exact."""
    with running_home(without=()) as home:
        wait_for(known(home), home, "the first table")
        far = NOW + 7 * YEAR_S
        home.clock.set_home(far)
        nearly = sun_times_of_day(home.home, today(home))["sunset"]
        exact = solar_event("sunset", far, 40.39, -111.85, 1387.0)
        assert nearly is not None and exact is not None
        assert 0.01 < abs(nearly - exact) < 180
        wait_for(known(home), home, "the table of that year")
        assert sun_times_of_day(home.home, today(home))["sunset"] == pytest.approx(exact)


def test_the_next_table_comes_before_it_is_needed(child):
    """A year passes: there is never a moment without a table."""
    with running_home(without=()) as home:
        wait_for(known(home), home, "the first table")
        for month in range(1, 30):
            home.clock.set_home(NOW + month * 28 * DAY_S)
            assert known(home)(), month
            wait_for(lambda: almanac_of(home.home).wanted is None, home, "what is being made")
        assert len(child.asked) == 3


def test_a_home_that_starts_anew_has_its_table_at_once(child, tmp_path):
    """It is stored; what is stored and unreadable is made anew."""
    database = Database(tmp_path / "marge.db")
    with running_home(without=(), database=database) as home:
        wait_for(known(home), home, "the first table")
    with running_home(without=(), database=database) as home:
        assert known(home)()
        assert home.state("sun.sun").state == "above_horizon"
    assert len(child.asked) == 1
    KeyValue(database).save("sun/table", {"format": 0})
    with running_home(without=(), database=database) as home:
        wait_for(known(home), home, "the second table")
    assert len(child.asked) == 2
    database.close()


def test_a_killed_almanac_goes_on(child):
    """Its supervisor starts it again, and what was wanted is made."""
    with running_home(without=()) as home:
        wait_for(known(home), home, "the first table")
        home.home.system.kill(PATH)
        home.clock.set_home(NOW - 9 * YEAR_S)
        wait_for(known(home), home, "the table of that year")


def test_an_answer_to_another_question_is_not_taken(child, monkeypatch):
    """A table that does not cover the moment would be asked for again and again."""
    monkeypatch.setattr(almanac, "ask_child", lambda at, place: document_for(at + 9 * YEAR_S, place))
    with running_home(without=()) as home:
        sun = almanac_of(home.home)
        wait_for(lambda: sun.problem == "its process answered another question", home, "the failure")
        assert sun.table is None
