"""What simulated devices do in time, on a simulated clock."""

from __future__ import annotations

from collections.abc import Iterator

import gevent
import pytest

from marge.bridges.demo.bridge import all_items
from marge.bridges.demo.drawing import size_within
from marge.model import Context
from tests.domains.home import TestHome, running_home

WANTED = (
    "alarm_control_panel", "cover", "image_processing", "lock", "media_player", "sensor", "update", "vacuum", "valve",
    "weather",
)  # fmt: skip


@pytest.fixture
def home() -> Iterator[TestHome]:
    """A home with the devices that take their time."""
    with running_home() as running:
        for item in all_items(running.home):
            if item.domain in WANTED:
                item.entity.name = item.name or item.device
                running.home.entities.add(item.entity, item.entity_id, "demo")
        running.settle()
        running.events.clear()
        yield running


def passes(home: TestHome, seconds: float) -> None:
    home.clock.advance(seconds)
    home.settle()


def begin(home: TestHome, service: str, **data: object) -> gevent.Greenlet:
    """Call a service that takes its time; it goes on while the test looks."""
    domain, _, name = service.partition(".")
    running = gevent.spawn(home.home.services.call, domain, name, data, None, Context.new())
    home.settle()
    return running


def test_a_cover_travels_a_tenth_a_second(home: TestHome) -> None:
    """Opening until it is open; its closed state follows the position."""
    home.call("cover.open_cover", entity_id="cover.hall_window")
    seen = []
    for _ in range(10):
        passes(home, 1)
        state = home.state("cover.hall_window")
        seen.append((state.state, state.attributes["current_position"]))
    assert seen[0] == ("opening", 20) and seen[-2:] == [("open", 100), ("open", 100)]

    home.call("cover.close_cover", entity_id="cover.hall_window")
    passes(home, 3)
    assert home.state("cover.hall_window").state == "closing"
    home.call("cover.stop_cover", entity_id="cover.hall_window")
    passes(home, 5)
    state = home.state("cover.hall_window")
    assert (state.state, state.attributes["current_position"]) == ("open", 70)


def test_slats_and_the_cover_move_at_the_same_time(home: TestHome) -> None:
    """Neither waits for the other."""
    home.call("cover.set_cover_position", entity_id="cover.living_room_window", position=40)
    home.call("cover.set_cover_tilt_position", entity_id="cover.living_room_window", tilt_position=100)
    passes(home, 6)
    shown = home.state("cover.living_room_window").attributes
    assert (shown["current_position"], shown["current_tilt_position"]) == (40, 100)


def test_a_lock_needs_two_seconds_and_the_caller_waits(home: TestHome) -> None:
    """It says meanwhile what it is doing."""
    running = begin(home, "lock.unlock", entity_id="lock.front_door")
    assert home.state("lock.front_door").state == "unlocking" and not running.ready()
    passes(home, 2)
    running.join(60)
    assert running.ready() and home.state("lock.front_door").state == "unlocked"


def test_a_second_command_ends_the_first(home: TestHome) -> None:
    """Whoever waited for the first goes on; the second counts."""
    first = begin(home, "lock.unlock", entity_id="lock.front_door")
    second = begin(home, "lock.lock", entity_id="lock.front_door")
    first.join(60)
    assert first.ready() and not second.ready()
    passes(home, 2)
    second.join(60)
    assert second.ready() and home.state("lock.front_door").state == "locked"


def test_a_device_that_is_removed_lets_nobody_wait(home: TestHome) -> None:
    """The call ends at once, without an error."""
    running = begin(home, "valve.open_valve", entity_id="valve.orchard")
    assert home.state("valve.orchard").state == "opening"
    home.home.entities.remove("valve.orchard")
    running.get(timeout=60)
    passes(home, 5)
    assert home.home.states.get("valve.orchard") is None


def test_a_badly_fitted_lock_jams(home: TestHome) -> None:
    """Until it is unlocked."""
    begin(home, "lock.lock", entity_id="lock.poorly_installed_door")
    passes(home, 2)
    assert home.state("lock.poorly_installed_door").state == "jammed"
    begin(home, "lock.unlock", entity_id="lock.poorly_installed_door")
    passes(home, 2)
    assert home.state("lock.poorly_installed_door").state == "unlocked"


def test_the_alarm_is_armed_after_a_delay_and_ends_by_itself(home: TestHome) -> None:
    """Disarming in between ends the delay."""
    panel = "alarm_control_panel.security"
    home.call("alarm_control_panel.alarm_arm_away", entity_id=panel, code="1234")
    assert home.state(panel).attributes["next_state"] == "armed_away"
    passes(home, 5)
    assert home.state(panel).state == "armed_away"
    home.call("alarm_control_panel.alarm_trigger", entity_id=panel)
    assert home.state(panel).state == "triggered"
    passes(home, 10)
    assert home.state(panel).state == "armed_away"

    home.call("alarm_control_panel.alarm_disarm", entity_id=panel, code="1234")
    home.call("alarm_control_panel.alarm_arm_home", entity_id=panel, code="1234")
    home.call("alarm_control_panel.alarm_disarm", entity_id=panel, code="1234")
    passes(home, 30)
    assert home.state(panel).state == "disarmed"


def test_an_update_shows_how_far_it_is(home: TestHome) -> None:
    """In tenths, with digits behind the point where the device has them; then it is installed."""
    entity_id = "update.demo_update_with_decimal_progress"
    running = begin(home, "update.install", entity_id=entity_id)
    passes(home, 1)
    shown = home.state(entity_id).attributes
    assert shown["in_progress"] is True and shown["update_percentage"] == 20.55
    for _ in range(4):
        passes(home, 1)
    running.get(timeout=60)
    shown = home.state(entity_id).attributes
    assert (shown["installed_version"], shown["in_progress"], shown["update_percentage"]) == ("1.94.2", False, None)


def test_a_robot_finds_home(home: TestHome) -> None:
    """After half a minute, and charged."""
    robot = "vacuum.0_ground_floor"
    home.call("vacuum.start", entity_id=robot)
    home.call("vacuum.return_to_base", entity_id=robot)
    assert home.state(robot).state == "returning"
    passes(home, 30)
    state = home.state(robot)
    assert (state.state, state.attributes["battery_level"]) == ("docked", 100)


def test_totals_grow(home: TestHome) -> None:
    """Every five minutes, unless the config entry says that they do not."""
    passes(home, 300)
    passes(home, 300)
    assert home.state("sensor.total_energy_kwh").state == "1.0"

    home.home.registries.config_entries.create("demo", "Demo", options={"counting": False})
    passes(home, 300)
    assert home.state("sensor.total_energy_kwh").state == "1.0"


def test_a_film_runs_and_stands_still(home: TestHome) -> None:
    """The position counts while it runs, and can be chosen."""
    player = "media_player.living_room"
    passes(home, 30)
    home.call("media_player.media_pause", entity_id=player)
    passes(home, 30)
    home.call("media_player.media_play", entity_id=player)
    assert home.state(player).attributes["media_position"] == 75
    home.call("media_player.media_seek", entity_id=player, seek_position=10)
    assert home.state(player).attributes["media_position"] == 10


def test_faces_are_announced_once_a_look_if_they_are_sure(home: TestHome) -> None:
    """The third one is shown only."""
    home.call("image_processing.scan", entity_id="image_processing.demo_face")
    seen = [data["name"] for data in home.of_type("image_processing.detect_face")]
    assert seen == ["Hans", "Helena"]
    assert home.state("image_processing.demo_face").attributes["total_faces"] == 4


@pytest.mark.parametrize(
    ("asked", "size"),
    [((None, None), (640, 360)), ((320, None), (320, 180)), ((None, 90), (160, 90)), ((100, 100), (178, 100)),
     ((8000, 8000), (1920, 1080)), ((1, 1), (28, 16))],
)  # fmt: skip
def test_pictures_are_at_least_as_large_as_asked_for(asked, size) -> None:
    """In the shape of the whole, within limits."""
    assert size_within(*asked) == size
