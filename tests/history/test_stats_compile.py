"""Five minutes and hours of statistics: means, sums, resets, units."""

import math
from functools import partial

import pytest

from marge.history import stats_compile as compiling
from marge.history import stats_store as store
from marge.history.stats_compile import Reading, Sensor, average, compile_hour, compile_short, due, in_one_unit, total
from marge.history.stats_store import ARITHMETIC, OF_ANGLES, Meta, Stat
from tests.recorder.support import T0, Rig

START = int(T0)


@pytest.fixture
def rig(tmp_path):
    made = Rig(tmp_path / "marge.db", history_days=0)
    yield made
    made.close()


def readings(*values, unit="W", last_reset=None):
    """A minute apart, from the start of the five minutes on."""
    return [Reading(START + 60 * number, value, unit, last_reset) for number, value in enumerate(values)]


def test_a_mean_goes_by_how_long_a_value_held():
    """A value from before the five minutes counts from their start on."""
    found = average([Reading(START - 500, 10, "W", None), Reading(START + 240, 20, "W", None)], ARITHMETIC, START,
                    START + 300)

    assert (found.mean, found.min, found.max) == (12.0, 10, 20)


def test_the_mean_of_directions_goes_around():
    """Between 350° and 10° lies north."""
    found = average(
        [Reading(START, 350, "°", None), Reading(START + 150, 10, "°", None)], OF_ANGLES, START, START + 300
    )

    assert found.mean is not None
    assert min(found.mean, 360 - found.mean) == pytest.approx(0, abs=1e-9)
    assert found.min is None


def test_a_sum_grows_by_what_the_meter_grew():
    """Its first reading is where counting begins, and a row goes on from the one before."""
    first = total(readings(100, 103), compiling.TOTAL_INCREASING, None, START)
    second = total(readings(103, 110), compiling.TOTAL_INCREASING, first, START + 300)

    assert (first.state, first.sum) == (103, 3)
    assert (second.state, second.sum) == (110, 10)


def test_a_meter_that_falls_has_begun_anew():
    """What it shows then was used since; a dip of less than a tenth is none of that."""
    before = Stat(START - 300, state=100, sum=50)

    assert total(readings(100, 5), compiling.TOTAL_INCREASING, before, START).sum == 55
    assert total(readings(100, 95, 101), compiling.TOTAL_INCREASING, before, START).sum == 51
    assert total(readings(100, -1, 101), compiling.TOTAL_INCREASING, before, START).sum == 51


def test_a_total_begins_anew_when_its_last_reset_changes():
    """Otherwise it may go down as it likes."""
    before = Stat(START - 300, last_reset=1.0, state=10, sum=10)

    assert total(readings(10, 4, last_reset=1.0), compiling.TOTAL, before, START).sum == 4
    after = total(readings(2, 3, last_reset=2.0), compiling.TOTAL, before, START)
    assert (after.sum, after.last_reset) == (13, 2.0)


def test_readings_come_into_the_statistics_unit():
    """What does not convert is left out."""
    meta = Meta(1, "sensor.a", "recorder", "kW", ARITHMETIC, False, None)

    found, unit = in_one_unit([*readings(1000), *readings(5, unit="°C")], meta)

    assert ([each.value for each in found], unit) == ([1.0], "kW")
    assert in_one_unit(readings(1), None)[1] == "W"


def test_recorded_states_become_rows_and_hours(rig):
    """Twelve times five minutes; unavailable times are left out; again compiled, the rows are the same."""
    for number in range(12):
        rig.write("sensor.power", str(number), at=START + 300 * number, unit_of_measurement="W")
        rig.write("sensor.power", "unavailable", at=START + 300 * number + 290)
        rig.write("sensor.meter", str(100 + number), at=START + 300 * number + 1, unit_of_measurement="kWh")
    rig.flush()
    sensors = [Sensor("sensor.power", "measurement"), Sensor("sensor.meter", "total_increasing"),
               Sensor("sensor.never", "measurement")]

    for _again in range(2):
        for number in range(12):
            start = START + 300 * number
            assert rig.database.run(lambda db, start=start: compile_short(db, sensors, start)) == 2
        metas = rig.database.run(store.metas)
        rig.database.run(partial(compile_hour, metas=list(metas.values()), start=START))

    power, meter = metas["sensor.power"], metas["sensor.meter"]
    assert (power.unit, power.mean_type, power.has_sum) == ("W", 1, False)
    [hour] = rig.database.run(lambda db: store.stats(db, False, power.id, 0, 1e12, 10))
    assert (hour.min, hour.max) == (0, 11) and math.isclose(hour.mean, 5.5, abs_tol=0.5)
    [hour] = rig.database.run(lambda db: store.stats(db, False, meter.id, 0, 1e12, 10))
    assert (hour.state, hour.sum) == (111, 11)


def test_what_was_missed_is_made_good_up_to_a_limit():
    """From the last compiled five minutes on; without any, only the newest."""
    now = START + 1000.0

    assert list(due(None, now, 10)) == [START + 600]
    assert list(due(START, now, 10)) == [START, START + 300, START + 600]
    assert list(due(START, now, 2)) == [START + 300, START + 600]
    assert list(due(START + 900, now, 10)) == []
    assert list(due(START + 90_000, now, 10)) == [START + 600]
