"""`kill -9` while recording, a hundred times: whether anything that was committed is lost, and the file stays intact.

Run: python -m loadtests.bench_kills [--kills 100] [--json FILE]

The same as the test of that name; a process records through the real recorder into one file until it is killed, and
the next one goes on there. After each kill the whole history is read and SQLite checks the file.
"""

from __future__ import annotations

from gevent import monkey

monkey.patch_all()

import argparse  # noqa: E402
import json  # noqa: E402
import sys  # noqa: E402
import tempfile  # noqa: E402
import time  # noqa: E402
from pathlib import Path  # noqa: E402

from tests.recorder.test_kill import kill_again_and_again  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    begun, results = time.perf_counter(), {"kills": options.kills, "broken": 0, "changes": 0}
    with tempfile.TemporaryDirectory(prefix="marge-kills-") as folder:
        try:
            results["changes"] = kill_again_and_again(Path(folder), options.kills)
        except AssertionError as exc:
            results["broken"] = 1
            print(f"broken: {exc}")
    results["seconds"] = round(time.perf_counter() - begun)
    for figure, value in results.items():
        print(f"{figure:10} {value:12,}")
    if options.json:
        options.json.write_text(json.dumps(results, indent=1))
    return 1 if results["broken"] else 0


if __name__ == "__main__":
    sys.exit(main())
