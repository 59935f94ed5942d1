"""A second look at the few tests that failed: `python -m tests.again [OPTIONS OF PYTEST]`, after a run of many at once.

A machine that stands still for half a minute makes a test of real brokers, servers and browsers fail that has nothing
wrong. Alone and in order, each gets one more chance; what fails again, or too much to be chance, is a failure. What
passed only now is named, because one that comes up often has a fault. Reads pytest's own list of what failed last.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

FAILED = Path(__file__).parents[1] / ".pytest_cache" / "v" / "cache" / "lastfailed"
MOST = 12
"""More than that is no chance."""


def chosen(failed: list[str]) -> list[str]:
    """What to run for these ids: a case of a parametrised test alone; of others the file, whose tests share things."""
    found = dict.fromkeys(each if "[" in each else each.partition("::")[0] for each in sorted(failed))
    return [each for each in found if each.partition("::")[0] == each or each.partition("::")[0] not in found]


def main() -> int:
    """The exit status of the second run; 1 when there is nothing to run, or too much."""
    failed = list(json.loads(FAILED.read_text("utf-8"))) if FAILED.exists() else []
    if not failed or len(failed) > MOST:
        return 1
    print("\nFailed beside others, and run once more alone:", *failed, sep="\n  ", flush=True)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *sys.argv[1:], *chosen(failed)]
    done = subprocess.run(command)
    if done.returncode == 0:
        print("\nPassed only alone (a fault, if it is often the same):", *failed, sep="\n  ", flush=True)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
