"""The player against a tiny home on a real HTTP server."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Iterator

import orjson
import pytest
from rich.console import Console
from websockets.sync.server import ServerConnection
from websockets.sync.server import serve as websocket_server

from marge.simulate.day.errors import DayError
from marge.simulate.day.expectations import Near, Notified, Shows
from marge.simulate.day.play import play_day
from marge.simulate.day.player import Outcome, Player, clock_text, time_of_day
from marge.simulate.day.rest import Refused, RestClient
from marge.simulate.day.steps import Chapter, Command, Fire, Physical, Power, Step, Tell
from marge.simulate.day.table import show
from marge.simulate.day.wire import Wire
from tests.simulate.conftest import Address
from tests.simulate.day.dummy_home import TOKEN, DummyHand, DummyHome, serve

PORCH = {"entity_id": "light.porch", "brightness": 100}


@pytest.fixture
def home() -> Iterator[DummyHome]:
    home = DummyHome()
    home.put("light.porch", "off")
    with serve(home):
        yield home


def play(home: DummyHome, *steps: Step, speed: float = 0) -> list[Outcome]:
    client = RestClient(home.url, TOKEN)
    try:
        return Player(client, DummyHand(home), speed).play([Chapter("test", steps)])
    finally:
        client.close()


def test_every_kind_of_stimulus_reaches_the_home_and_is_verified(home: DummyHome) -> None:
    """Service, event, written state, physical change and power cut: all seen, all with a latency."""
    home.put("device_tracker.phone", "home", source_type="router")
    outcomes = play(
        home,
        Step("01:00:00", "a", (Command("light", "turn_on", PORCH),),
             (Shows(("light.porch",), "on", {"brightness": Near(100)}),)),
        Step("02:00:00", "b", (Fire("pressed"), Tell("device_tracker.phone", "away")),
             (Shows(("device_tracker.phone",), "away", {"source_type": "router"}),)),
        Step("03:00:00", "c", (Physical("Hall", {"occupancy": True}),), (Shows(("binary_sensor.hall",), "on"),)),
        Step("04:00:00", "d", (Power(on=False),), (Shows(("light.porch",), "unavailable"),)),
    )  # fmt: skip

    assert [outcome.ok for outcome in outcomes] == [True] * 4
    assert all(outcome.latency_s is not None and outcome.latency_s >= 0 for outcome in outcomes)
    assert home.events == ["pressed"]


def test_the_clock_is_set_for_each_step_and_given_back(home: DummyHome) -> None:
    """Jumping: one time a step, with the chapter's name; at the end the wall clock counts again."""
    play(home, Step("05:30:00", "a"), Step("06:00:00", "b"))

    assert home.times == [
        {"time": "05:30:00", "chapter": "test", "speed": 1},
        {"time": "06:00:00", "chapter": "test", "speed": 1},
        {"time": "", "chapter": "", "speed": 0},
    ]


def test_with_a_speed_the_clock_runs_from_step_to_step(home: DummyHome) -> None:
    """The way between two steps takes its real time, and nothing runs fast while a step is verified."""
    slept: list[float] = []
    client = RestClient(home.url, TOKEN)
    chapter = Chapter("test", (Step("05:00:00", "a"), Step("06:00:00", "b")))
    Player(client, DummyHand(home), 1200, sleep=slept.append).play([chapter])

    assert [(body["time"], body["speed"]) for body in home.times[:3]] == [
        ("05:00:00", 1), ("05:00:00", 1200), ("06:00:00", 1),
    ]  # fmt: skip
    assert slept == [3.0]


def test_the_sunset_is_run_into_from_shortly_before(home: DummyHome) -> None:
    """03:02:30 UTC is 21:02:30 in Denver in June; the clock is set 90 s earlier and runs fast."""
    (outcome,) = play(home, Step("sunset", "dusk"))

    assert outcome.at == "21:01:00"
    assert home.times[0] == {"time": "21:01:00", "chapter": "test", "speed": 60}


def test_a_home_without_a_sun_cannot_be_played(home: DummyHome) -> None:
    """It is said plainly, and the clock is given back."""
    del home.states["sun.sun"]
    with pytest.raises(DayError, match=r"sun\.sun"):
        play(home, Step("sunset", "dusk"))
    assert home.times[-1]["time"] == ""


def test_a_failed_step_is_reported_and_the_next_one_played(home: DummyHome) -> None:
    """What was seen instead stands in the outcome."""
    first, second = play(
        home,
        Step("01:00:00", "never", (), (Shows(("light.porch",), "on"),), within_s=0.1),
        Step("02:00:00", "fine", (), (Shows(("light.porch",), "off"),)),
    )

    assert (first.ok, first.latency_s, first.seen[0].text) == (False, None, "light.porch: off")
    assert second.ok


def test_a_refused_service_fails_its_step_with_the_servers_words(home: DummyHome) -> None:
    """An error status is a failed step, not the end of the day."""
    home.broken.add("light.turn_on")
    first, second = play(home, Step("01:00:00", "a", (Command("light", "turn_on", PORCH),)), Step("02:00:00", "b"))

    assert not first.ok
    assert first.error is not None
    assert "the service broke" in first.error
    assert second.ok


def test_a_quiet_step_fails_when_something_happens_late(home: DummyHome) -> None:
    """What must not happen is watched for, not looked at once."""

    class LateAlert(DummyHand):
        def simulate(self, device: str, change: object) -> None:
            super().simulate(device, change)
            self.deadline = time.monotonic() + 0.1

    hand = LateAlert(home)
    client = RestClient(home.url, TOKEN)

    def sleep(seconds: float) -> None:
        time.sleep(seconds)
        if time.monotonic() > hand.deadline:
            home.notifications = ["alert"]

    step = Step("01:00:00", "a", (Physical("Hall", {"occupancy": True}),), (Notified("alert", shown=False),), quiet_s=5)
    (outcome,) = Player(client, hand, sleep=sleep).play([Chapter("test", (step,))])

    assert not outcome.ok
    assert outcome.seen[0].text == "notified"


def test_an_effect_that_takes_its_time_is_waited_for(home: DummyHome) -> None:
    """The latency is that of the effect, measured from the stimulus."""
    client = RestClient(home.url, TOKEN)
    looks: list[float] = []

    def sleep(seconds: float) -> None:
        looks.append(seconds)
        if len(looks) == 3:
            home.put("light.porch", "on")

    chapter = Chapter("test", (Step("01:00:00", "a", (), (Shows(("light.porch",), "on"),)),))
    (outcome,) = Player(client, DummyHand(home), sleep=sleep).play([chapter])

    assert outcome.ok
    assert len(looks) == 3


def test_the_table_shows_every_step_and_says_failed(home: DummyHome) -> None:
    """Brackets of a server's answer are text, not markup."""
    home.put("light.attic", "[red]on")
    outcomes = play(
        home,
        Step("01:00:00", "a good one", (), (Shows(("light.porch",), "off"),)),
        Step("02:00:00", "a bad one", (), (Shows(("light.attic",), "off"),), within_s=0),
    )
    out = io.StringIO()
    show(outcomes, Console(file=out))

    text = out.getvalue()
    assert "a good one" in text
    assert "light.attic: [red]on" in text
    assert "1 of 2 steps FAILED" in text


def test_a_wrong_token_ends_the_day_with_one_line(
    home: DummyHome, broker: Address, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 1 and a sentence, not a traceback and not thirty failed steps."""
    assert play_day(home.url, "wrong", Wire(*broker), 0) == 1
    assert "marge token create" in capsys.readouterr().err


def test_no_server_and_no_broker_are_one_line_each(broker: Address, capsys: pytest.CaptureFixture[str]) -> None:
    """Each is named with its address."""
    assert play_day("http://127.0.0.1:1", TOKEN, Wire(*broker), 0) == 1
    assert "no answer from http://127.0.0.1:1" in capsys.readouterr().err
    assert play_day("http://127.0.0.1:1", TOKEN, Wire("127.0.0.1", 1), 0) == 1
    assert "no MQTT broker at 127.0.0.1:1" in capsys.readouterr().err


def test_what_is_no_json_is_refused_not_fatal(home: DummyHome) -> None:
    """A path of another server that answers 404 raises `Refused`; an unknown entity is None."""
    client = RestClient(home.url, TOKEN)
    with pytest.raises(Refused):
        client.request("GET", "/api/nothing")
    assert client.state("light.nowhere") is None
    client.close()


@pytest.mark.parametrize("text", ["00:00:00", "05:30:00", "23:59:59"])
def test_times_of_day_survive_the_round_trip(text: str) -> None:
    """Text to duration and back."""
    assert clock_text(time_of_day(text)) == text


def test_notifications_are_read_over_websocket_where_rest_lacks_them(home: DummyHome) -> None:
    """Plain Home Assistant shows notifications only there; the token logs in, and one connection serves all looks."""
    home.without_notifications = True
    connections: list[str] = []

    def talk(connection: ServerConnection) -> None:
        connection.send('{"type": "auth_required"}')
        connections.append(orjson.loads(connection.recv())["access_token"])
        connection.send('{"type": "auth_ok"}')
        for raw in connection:
            asked = orjson.loads(raw)
            connection.send('{"id": 99, "type": "event"}')
            result = [{"notification_id": "alert"}] if asked["type"] == "persistent_notification/get" else None
            connection.send(
                orjson.dumps({"id": asked["id"], "type": "result", "success": True, "result": result}).decode()
            )

    with websocket_server(talk, "127.0.0.1", 0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        client = RestClient(home.url, TOKEN)
        client.websocket_url = f"http://127.0.0.1:{server.socket.getsockname()[1]}"
        assert client.notifications() == {"alert"}
        assert client.notifications() == {"alert"}
        client.close()
        server.shutdown()
    assert connections == [TOKEN]
