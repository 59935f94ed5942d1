"""Child processes: they start, log, end with their actor, and never outlive Marge."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import psutil
import pytest

from marge.actors import Backoff, ChildSpec
from marge.bridges.process import Command, ProcessBridge
from marge.home import Home
from tests.support.waiting import until

MakeHome = Callable[..., Home]
QUICK = Backoff(pauses_s=(0.05,), max_restarts=3)
SLEEPS = (sys.executable, "-u", "-c", "import time; print('here'); time.sleep(600)")


class Child(ProcessBridge):
    """Runs the given program."""

    def __init__(self, home: Home, *arguments: str, ready: Callable[[], bool] = lambda: True) -> None:
        super().__init__(home)
        self.arguments = arguments
        self.ready = ready

    def command(self) -> Command:
        return Command(self.arguments)

    def is_ready(self) -> bool:
        return self.ready()

    def waits_for(self) -> str:
        return "the test's word"


def spawn(home: Home, *arguments: str, **options: Any) -> None:
    backoff = options.pop("backoff", QUICK)
    home.system.spawn(ChildSpec("child", Child, (home, *arguments), options, backoff=backoff), "/bridges")


def child(home: Home) -> Child | None:
    actor = home.system.actor("/bridges/child")
    return actor if isinstance(actor, Child) else None


def running(home: Home) -> Child:
    def look() -> Child | None:
        found = child(home)
        return found if found is not None and found.status == "running" else None

    found: Child = until(look, what="a running child")
    return found


def is_gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_its_lines_and_health_are_visible(make_home: MakeHome) -> None:
    """`describe` has status, pid and the child's last lines."""
    home = make_home()
    spawn(home, *SLEEPS)
    actor = running(home)
    until(lambda: "here" in actor.describe()["log"])
    shown = actor.describe()
    assert shown["status"] == "running"
    assert shown["pid"] == actor.pid
    assert shown["uptime_s"] >= 0


def test_a_killed_child_is_started_again(make_home: MakeHome) -> None:
    """kill -9 of the child fails the actor, and its supervisor makes another after the back-off."""
    home = make_home()
    spawn(home, *SLEEPS)
    first = running(home).pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    until(lambda: (now := child(home)) is not None and now.pid not in (None, first), what="a new process")


def test_the_process_ends_with_its_actor(make_home: MakeHome) -> None:
    """A stopped or killed actor leaves no process behind."""
    home = make_home()
    spawn(home, *SLEEPS)
    pid = running(home).pid
    assert pid is not None
    home.system.kill("/bridges/child")
    until(lambda: is_gone(pid))
    second = until(lambda: (now := child(home)) is not None and now.pid != pid and now.pid)
    home.system.shutdown()
    assert is_gone(second)


def test_one_that_ignores_sigterm_is_killed(make_home: MakeHome, monkeypatch: pytest.MonkeyPatch) -> None:
    """The end comes after the time for an orderly one."""
    monkeypatch.setattr("marge.bridges.process.TERMINATE_S", 0.2)
    home = make_home()
    stubborn = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('here'); time.sleep(600)"
    spawn(home, sys.executable, "-u", "-c", stubborn)
    actor = running(home)
    until(lambda: "here" in actor.describe()["log"])
    pid = actor.pid
    assert pid is not None
    home.system.shutdown()
    until(lambda: is_gone(pid))


def test_a_program_that_is_missing_is_named(make_home: MakeHome) -> None:
    """The reason stands with the supervisor, and after its tries the child counts as failed."""
    home = make_home()
    spawn(home, "/no/such/program")

    def failed() -> bool:
        known = home.system.actor("/bridges").child("child")  # type: ignore[union-attr]
        return bool(known and known.status == "failed")

    until(failed)
    deaths = home.system.actor("/bridges").child("child").deaths  # type: ignore[union-attr]
    assert "/no/such/program" in deaths[-1]["error"]


def test_one_that_ends_says_why(make_home: MakeHome) -> None:
    """The exit code and the last line are in the failure."""
    home = make_home()
    spawn(home, sys.executable, "-c", "import sys; print('no port left'); sys.exit(3)")

    def death() -> Any:
        known = home.system.actor("/bridges").child("child")  # type: ignore[union-attr]
        return known and known.deaths

    text = until(death)[-1]["error"]
    assert "code 3" in text and "no port left" in text


def test_what_it_waits_for_is_shown_and_a_stop_does_not_wait(make_home: MakeHome) -> None:
    """A child that is not ready shows what it waits for, and can be stopped at once."""
    home = make_home()
    spawn(home, *SLEEPS, ready=lambda: False)
    actor = until(lambda: child(home))
    until(lambda: actor._waiting_for is not None and actor._waiting_for[0] == "the test's word")
    assert actor.describe()["status"] == "starting"
    assert home.system.stop("/bridges", timeout=4)


def test_the_child_does_not_outlive_a_killed_parent() -> None:
    """PR_SET_PDEATHSIG: kill -9 of the parent takes the child along."""
    program = (
        "import gevent.monkey; gevent.monkey.patch_all()\n"
        "import time\n"
        "from gevent import subprocess\n"
        "from marge.util.child import before_exec\n"
        f"child = subprocess.Popen({SLEEPS!r}, preexec_fn=before_exec())\n"
        "print(child.pid, flush=True)\n"
        "time.sleep(600)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    assert not is_gone(pid)
    parent.kill()
    parent.wait()
    until(lambda: is_gone(pid), what="the end of the grandchild")


def test_its_limits_hold(make_home: MakeHome) -> None:
    """A child that takes more memory than allowed gets an error instead of ours."""
    home = make_home()

    class Hungry(Child):
        def command(self) -> Command:
            return Command(
                (sys.executable, "-c", "print(len(bytearray(400 << 20)))"), memory_bytes=200 << 20, descriptors=64
            )

    home.system.spawn(ChildSpec("hungry", Hungry, (home,), backoff=QUICK), "/bridges")

    def death() -> Any:
        known = home.system.actor("/bridges").child("hungry")  # type: ignore[union-attr]
        return known and known.deaths

    assert "MemoryError" in until(death)[-1]["error"]
