"""A real ffmpeg watches what another one sends: motion, noise, pictures, and a stream that ends."""

from __future__ import annotations

import io
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from imageio_ffmpeg import get_ffmpeg_exe
from PIL import Image

from tests.support.home import HomeServer, home_server
from tests.support.waiting import until

BLINKING = "color=c=black:s=64x48:r=10,drawbox=color=white:t=fill:enable='gt(mod(t,3),1.5)'"
BEEPING = "aevalsrc='if(gt(mod(t,4),2),sin(2000*t),0)':s=8000"
MOTION, NOISE, LAZY = (f"binary_sensor.{name}" for name in ("yard", "nursery", "lazy"))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def sender(port: int, source: str) -> Iterator[subprocess.Popen[bytes]]:
    """A camera: sends as fast as time goes to whoever connects, and ends when that one leaves."""
    arguments = [get_ffmpeg_exe(), "-loglevel", "error", "-nostdin", "-re", "-f", "lavfi", "-i", source]
    process = subprocess.Popen([*arguments, "-f", "mpegts", f"tcp://127.0.0.1:{port}?listen=1"])
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def ports() -> tuple[int, int]:
    return free_port(), free_port()


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A short film of one colour."""
    file = tmp_path_factory.mktemp("film") / "green.avi"
    command = [get_ffmpeg_exe(), "-loglevel", "error", "-f", "lavfi", "-i", "color=c=green:s=320x240:d=1", str(file)]
    subprocess.run(command, check=True)
    return file


@pytest.fixture(scope="module")
def home(ports: tuple[int, int], picture: Path) -> Iterator[HomeServer]:
    yard, nursery = ports
    configuration = f"""
ffmpeg:
  ffmpeg_bin: {get_ffmpeg_exe()}
binary_sensor:
  - {{platform: ffmpeg_motion, name: Yard, input: "tcp://anna:pass-word@127.0.0.1:{yard}", changes: 20, reset: 1}}
  - {{platform: ffmpeg_noise, name: Nursery, input: "tcp://127.0.0.1:{nursery}", peak: -20, reset: 1}}
  - {{platform: ffmpeg_motion, name: Lazy, input: "{picture}", initial_state: false}}
camera:
  - {{platform: ffmpeg, name: Door, input: "{picture}"}}
  - {{platform: ffmpeg, name: Nothing, input: "/nowhere/film.avi"}}
"""
    with ExitStack() as stack:
        stack.enter_context(sender(yard, BLINKING))
        stack.enter_context(sender(nursery, BEEPING))
        yield stack.enter_context(home_server(configuration, bridges=["ffmpeg"]))


def state(home: HomeServer, entity_id: str) -> str | None:
    found = home.home.states.find(entity_id)
    return None if found is None else found.state


def shows(home: HomeServer, entity_id: str, *states: str) -> None:
    """These states, one after the other."""
    for wanted in states:
        until(lambda: state(home, entity_id) == wanted, what=f"{entity_id} {wanted}")  # noqa: B023 - called at once


def bridge(home: HomeServer, number: int) -> Any:
    return home.home.system.actor(f"/bridges/ffmpeg_{number}")


def test_pictures_that_change_are_motion_until_they_stay_the_same(home: HomeServer) -> None:
    """On, off after the time of `reset`, on again."""
    shows(home, MOTION, "on", "off", "on")
    shown = home.home.states.get(MOTION)
    assert shown is not None and shown.attributes["device_class"] == "motion"


def test_sound_above_the_peak_is_noise(home: HomeServer) -> None:
    """And silence ends it."""
    shows(home, NOISE, "on", "off", "on")


def test_passwords_of_the_address_are_not_told(home: HomeServer) -> None:
    """Neither in the health of the bridge nor in its lines."""
    assert "pass-word" not in str(bridge(home, 1).describe())


def test_a_sensor_is_started_and_stopped_by_services(home: HomeServer) -> None:
    """One that shall not run at first is unavailable; others are not touched."""
    assert state(home, LAZY) == "unavailable"
    assert bridge(home, 3).pid is None

    home.home.services.call("ffmpeg", "stop", {"entity_id": NOISE})
    until(lambda: state(home, NOISE) == "unavailable" and bridge(home, 2).pid is None)
    assert bridge(home, 1).pid is not None
    home.home.services.call("ffmpeg", "restart", {"entity_id": MOTION})
    until(lambda: state(home, MOTION) == "unavailable", what="the restarted one, whose sender has gone with its client")


def test_a_film_that_ends_fails_the_bridge_with_a_reason(home: HomeServer) -> None:
    """The supervisor starts it again later."""
    home.home.services.call("ffmpeg", "start", {"entity_id": LAZY})

    path = "/api/actors/bridges/ffmpeg_3"
    until(lambda: "exited with code 0" in home.rest("GET", path).text, what="its death")
    assert state(home, LAZY) == "unavailable"


def test_a_camera_gives_pictures(home: HomeServer) -> None:
    """As JPEG; one that has none answers as any camera without a picture."""
    answer = home.rest("GET", "/api/camera_proxy/camera.door")
    assert answer.headers["Content-Type"] == "image/jpeg"
    image = Image.open(io.BytesIO(answer.content)).convert("RGB")
    red, green, blue = image.getpixel((10, 10))  # type: ignore[misc]
    assert image.size == (320, 240) and green > 100 > red + blue

    assert home.rest("GET", "/api/camera_proxy/camera.nothing").status_code == 500
