"""How much is answered as recorded: `python -m tests.conformance [rest|ws|mqtt] [--only REGEX] [-v]`."""

# ruff: noqa: E402
from gevent import monkey

monkey.patch_all()

import argparse
import logging
import sys

import structlog

from tests.conformance.departures import page
from tests.conformance.run import Outcome, run_mqtt, run_rest, run_ws


def _run_observed(only: str) -> Outcome:
    outcome = run_mqtt(only, "mqtt-observed.jsonl.gz")
    outcome.title = "MQTT, more configurations"
    return outcome


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.conformance", description=__doc__)
    parser.add_argument("what", nargs="?", default="all", choices=["all", "rest", "ws", "mqtt", "departures"])
    parser.add_argument("--only", default="", help="rows whose name, path or command matches this expression")
    parser.add_argument("-v", "--verbose", action="store_true", help="every row that fails, and how")
    parser.add_argument("--slow", action="store_true", help="the rows that took longest")
    parser.add_argument("--log", action="store_true", help="show the server's log")
    options = parser.parse_args()
    if options.what == "departures":
        print(page(), end="")
        return 0
    level = logging.INFO if options.log else logging.CRITICAL
    structlog.configure(
        processors=[*structlog.get_config()["processors"]],
        wrapper_class=structlog.make_filtering_bound_logger(level),
    )
    failed = False
    for name, run in (("rest", run_rest), ("ws", run_ws), ("mqtt", run_mqtt), ("mqtt", _run_observed)):
        if options.what not in ("all", name):
            continue
        outcome = run(options.only)
        print(outcome.table())
        print("\nunexplained:", len(outcome.unexplained), " explained:", len(outcome.explained))
        if options.verbose:
            print(outcome.details())
        if options.slow:
            for row, seconds in sorted(outcome.seconds.items(), key=lambda each: -each[1])[:15]:
                print(f"  {seconds:6.2f} s  {row}")
        failed = failed or bool(outcome.unexplained)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
