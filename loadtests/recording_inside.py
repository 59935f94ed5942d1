"""The server's half of `bench_recording`: the ordinary server, and a greenlet in it that changes states all the time.

Run: python -m loadtests.recording_inside HOME   (the state of `sensor.rate` says how many changes a second)
"""

from __future__ import annotations

from gevent import config, monkey

monkey.patch_all()
config.track_greenlet_tree = False  # as the server does

import os  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
from pathlib import Path  # noqa: E402

import gevent  # noqa: E402

from loadtests.bench_recorder import SENSORS, sensor  # noqa: E402
from loadtests.bench_recording import RATE  # noqa: E402
from marge import log  # noqa: E402
from marge.app import Running, run  # noqa: E402
from marge.config import load_home  # noqa: E402
from marge.model import STATE_CHANGED, Event  # noqa: E402

TICK_S = 0.002


def generate(running: Running) -> None:
    """Publish changes of `SENSORS` sensors, for ever. What was missed while the hub was busy is made good."""
    bus, states, clock = running.system.bus, running.home.states, running.system.clock
    sent, rate, begun = 0, 0.0, 0.0
    while True:
        gevent.sleep(TICK_S)
        found = states.find(RATE)
        wanted = 0.0 if found is None else float(found.state)
        if wanted != rate:
            sent, rate, begun = 0, wanted, time.monotonic()
        due = int((time.monotonic() - begun) * rate)
        for number in range(sent, due):
            state = sensor(number % SENSORS, clock.now())
            data = {"entity_id": state.entity_id, "old_state": None, "new_state": state}
            bus.publish(Event(STATE_CHANGED, data, state.context, state.last_updated), key=state.entity_id)
        sent = max(sent, due)


def main() -> None:
    """Run the home of the first argument until SIGTERM."""
    home = load_home(Path(sys.argv[1]), os.environ)
    log.configure(home.marge.log_level, home.marge.log_format, home.marge.log_levels)
    sys.exit(run(home, lambda running: gevent.spawn(generate, running) and None))


if __name__ == "__main__":
    main()
