"""A home has one server at a time, and a killed one does not lock the next one out."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from marge.errors import Unavailable
from marge.storage.lock import HomeLock

HOLD = "import sys, time, pathlib; from marge.storage.lock import HomeLock; lock = HomeLock(pathlib.Path(sys.argv[1]));"
HOLD += "print('held', flush=True); time.sleep(60)"


def test_the_second_one_is_told_who_holds_it(tmp_path):
    """The text names the process and the file."""
    first = HomeLock(tmp_path / "marge.db")
    with pytest.raises(Unavailable, match=rf"pid {os.getpid()}\) uses .*marge\.db"):
        HomeLock(tmp_path / "marge.db")
    first.release()
    first.release()

    HomeLock(tmp_path / "marge.db").release()


def test_a_killed_server_leaves_no_lock(tmp_path):
    """The kernel gives it back, whatever the end was."""
    path = tmp_path / "marge.db"
    child = subprocess.Popen([sys.executable, "-c", HOLD, str(path)], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    assert child.stdout.readline() == "held\n"
    with pytest.raises(Unavailable, match=f"pid {child.pid}"):
        HomeLock(path)
    child.send_signal(signal.SIGKILL)
    child.wait(60)
    child.stdout.close()

    HomeLock(path).release()
