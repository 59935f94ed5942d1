"""The server's half of `bench_recording`: the ordinary server, and a greenlet in it that does what a bridge does: it
reports values of sensors of its own, all the time. Each changes the state of its entity, in that one's turn.

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

from loadtests.bench_recorder import SENSORS  # noqa: E402
from loadtests.bench_recording import RATE  # noqa: E402
from marge import log  # noqa: E402
from marge.app import Running, run  # noqa: E402
from marge.config import load_home  # noqa: E402
from marge.domains.sensor import SensorEntity  # noqa: E402
from marge.entities import Report  # noqa: E402

TICK_S = 0.002


def made(number: int) -> SensorEntity:
    entity = SensorEntity()
    entity.unique_id = f"bench_{number}"
    entity.name = f"Sensor {number} temperature"
    entity.native_unit, entity.device_class, entity.state_class = "°C", "temperature", "measurement"
    entity.extra_attributes = {"battery": 100 - number % 30, "linkquality": 80 + number % 100}
    return entity


def generate(running: Running) -> None:
    """Report changes of `SENSORS` sensors, for ever. What was missed while the hub was busy is made good."""
    states, entities = running.home.states, running.home.entities
    refs = []
    for number in range(SENSORS):
        ref = entities.add(made(number), f"sensor.bench_{number}_temperature", "bench")
        assert ref is not None
        refs.append(ref)
    sent, rate, begun = 0, 0.0, 0.0
    while True:
        gevent.sleep(TICK_S)
        found = states.find(RATE)
        wanted = 0.0 if found is None else float(found.state)
        if wanted != rate:
            sent, rate, begun = 0, wanted, time.monotonic()
        due = int((time.monotonic() - begun) * rate)
        for number in range(sent, due):
            refs[number % SENSORS].tell(Report({"native_value": (number // SENSORS + number * 13) % 900 / 10}))
        sent = max(sent, due)


def main() -> None:
    """Run the home of the first argument until SIGTERM."""
    home = load_home(Path(sys.argv[1]), os.environ)
    log.configure(home.marge.log_level, home.marge.log_format, home.marge.log_levels)
    sys.exit(run(home, lambda running: gevent.spawn(generate, running) and None))


if __name__ == "__main__":
    main()
