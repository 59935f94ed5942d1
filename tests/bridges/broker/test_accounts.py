"""Who gets in at the embedded broker and to which topics; what of its messages outlives a crash, and Marge."""

from __future__ import annotations

import os
import signal
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from marge.actors import Backoff, ChildSpec
from marge.bridges import broker as kind
from marge.bridges.broker.accounts import SHARED, Accounts, hashed
from marge.bridges.broker.bridge import BrokerBridge, find_mosquitto
from marge.bridges.broker.keeping import Keeper
from marge.config.mqtt_values import MqttUser
from marge.errors import ServiceValidationError
from marge.home import Home
from tests.bridges.conftest import build_home
from tests.support.broker import free_port
from tests.support.mqtt_client import Client
from tests.support.waiting import until

MakeHome = Callable[..., Home]
QUICK = Backoff(pauses_s=(0.05,), max_restarts=5)
KINDS = ["amqtt", pytest.param("mosquitto", marks=pytest.mark.skipif(not find_mosquitto(), reason="not installed"))]
USERS = (MqttUser("hall", "open sesame", ("hall/#",), ("hall/set", "all/+")), MqttUser("cook", "123"))


def start(home: Home) -> BrokerBridge:
    for spec in kind.specs(home):
        home.system.spawn(ChildSpec(spec.name, spec.actor_class, spec.args, backoff=QUICK), "/bridges")
    return until(lambda: running(home), what="a broker")


def running(home: Home) -> BrokerBridge | None:
    actor = home.system.actor("/bridges/broker")
    return actor if isinstance(actor, BrokerBridge) and actor.status == "running" else None


@pytest.fixture(scope="module", params=KINDS)
def guarded(request: Any, tmp_path_factory: Any) -> Iterator[Home]:
    """A broker for users only, with a WebSocket."""
    home = build_home(
        tmp_path_factory.mktemp("guarded"), broker=request.param, mqtt_port=free_port(), mqtt_users=USERS,
        mqtt_anonymous=False, mqtt_websocket_port=free_port(),
    )  # fmt: skip
    start(home)
    yield home
    home.system.shutdown()


def port(home: Home) -> int:
    return home.config.marge.mqtt_port


def marge(home: Home) -> Client:
    return Client(port(home), *home.shared[SHARED].marge)


def test_only_who_is_known_comes_in(guarded: Home) -> None:
    """No name, a wrong name, a wrong password: no. A user and Marge: yes."""
    answers = {
        name: Client(port(guarded), *credentials)
        for name, credentials in {
            "nobody": (), "stranger": ("x", "y"), "wrong": ("hall", "open"), "empty": ("hall", ""),
            "hall": ("hall", "open sesame"), "marge": guarded.shared[SHARED].marge,
        }.items()
    }  # fmt: skip
    assert [name for name, client in answers.items() if client.is_in] == ["hall", "marge"]
    for client in answers.values():
        client.close()


def test_topics_of_others_are_out_of_reach(guarded: Home) -> None:
    """A user hears and says what is his, and nothing else; retained messages too."""
    house, hall = marge(guarded).subscribe("#"), Client(port(guarded), "hall", "open sesame").subscribe("hall/set", "#")
    house.publish("secret/code", "1234", retain=True)
    hall.publish("hall/lamp", "on")
    hall.publish("kitchen/lamp", "on")
    until(lambda: house.got("hall/lamp") == ["on"])
    again = Client(port(guarded), "hall", "open sesame").subscribe("#", "hall/set", "all/+")
    house.publish("kitchen/set", "x")
    house.publish("all/off", "x")
    house.publish("hall/set", "x")
    until(lambda: again.got("hall/set"))  # amqtt sends it once for each filter

    assert house.got("kitchen/lamp") == []
    assert {topic for topic, _payload, _retain in again.received} == {"hall/set", "all/off"}
    house.publish("secret/code", "", retain=True)
    for client in (house, hall, again):
        client.close()


def test_users_change_and_the_others_stay_connected(guarded: Home) -> None:
    """A SIGHUP: who is new comes in, who is gone does not; the rest notices nothing."""
    accounts: Accounts = guarded.shared[SHARED]
    stays = Client(port(guarded), "cook", "123").subscribe("a/b")
    accounts.set_users([*USERS, MqttUser("late", "late")])
    until(lambda: can_enter(guarded, "late", "late"), what="the new user")
    accounts.set_users(USERS)
    until(lambda: not can_enter(guarded, "late", "late"), what="the end of the user")
    stays.publish("a/b", "still here")

    until(lambda: stays.got("a/b") == ["still here"])
    assert stays.lost == 0
    stays.close()


def test_users_are_read_again_from_the_files(guarded: Home) -> None:
    """`mqtt.reload_users`; with a mistake in the files they stay as they were, and the caller hears of it."""
    file = Path(guarded.config.config_dir) / "configuration.yaml"
    file.write_text("marge: {mqtt: {anonymous: false, users: {new: secret}}}\n")
    guarded.services.call("mqtt", "reload_users", {})
    until(lambda: can_enter(guarded, "new", "secret"))
    file.write_text("marge: {mqtt: {anonymous: false, users: {new: [wrong]}}}\n")
    with pytest.raises(ServiceValidationError, match="users stay"):
        guarded.services.call("mqtt", "reload_users", {})
    assert can_enter(guarded, "new", "secret")
    guarded.shared[SHARED].set_users(USERS)
    until(lambda: can_enter(guarded, "hall", "open sesame"))


def can_enter(home: Home, username: str, password: str) -> bool:
    client = Client(port(home), username, password)
    try:
        return client.is_in
    finally:
        client.close()


def test_who_only_connects_hears_nothing(guarded: Home) -> None:
    """Not what others have subscribed to, whatever is retained there."""
    house = marge(guarded).subscribe("news/#", "own")
    house.publish("news/today", "much", retain=True)
    new = marge(guarded).subscribe("own")
    house.publish("own", "x")
    until(lambda: new.got("own") == ["x"])
    assert [topic for topic, _payload, _retain in new.received] == ["own"]
    house.publish("news/today", "", retain=True)
    house.close()
    new.close()


def test_a_bridge_has_an_account_of_its_own(guarded: Home) -> None:
    """The same password each time it is asked for; new topics count at once."""
    accounts: Accounts = guarded.shared[SHARED]
    first = accounts.account("bell", publish=["marge/bridge/bell/#"])
    assert accounts.account("bell", publish=["marge/bridge/bell/#"]) == first
    until(lambda: can_enter(guarded, *first))
    house, bell = marge(guarded).subscribe("#"), Client(port(guarded), *first)
    bell.publish("marge/bridge/bell/x", "1")
    bell.publish("homeassistant/lock/front/config", "{}")
    bell.publish("marge/bridge/bell/y", "2")
    until(lambda: house.got("marge/bridge/bell/y") == ["2"])

    assert house.got("homeassistant/lock/front/config") == []
    accounts.close("bell")
    until(lambda: not can_enter(guarded, *first))
    house.close()
    bell.close()


def test_websockets_need_the_same_password(guarded: Home) -> None:
    """On the port that was set."""
    websocket_port = guarded.config.marge.mqtt_websocket_port
    assert websocket_port is not None
    stranger = Client(websocket_port, transport="websockets")
    hall = Client(websocket_port, "hall", "open sesame", transport="websockets").subscribe("hall/set")
    house = marge(guarded)
    house.publish("hall/set", "over a web socket")

    until(lambda: hall.got("hall/set") == ["over a web socket"])
    assert not stranger.is_in
    for client in (stranger, hall, house):
        client.close()


def test_passwords_are_hashed_and_in_nobodys_sight(guarded: Home) -> None:
    """Files for this user alone, hashes in them, nothing in the arguments of processes."""
    secrets = ["open sesame", guarded.shared[SHARED].marge.password]
    for file in Path(guarded.config.config_dir, ".marge").glob("mqtt-*"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert not any(secret in file.read_text() for secret in secrets)
    bridge = running(guarded)
    assert bridge is not None
    words = " ".join(psutil.Process(bridge.pid).cmdline())
    assert not any(secret in words for secret in secrets)
    assert not any(secret in str(bridge.describe()) for secret in secrets)


def test_without_a_word_only_this_machine_is_let_in(make_home: MakeHome) -> None:
    """Anonymous on the loopback; beyond it not, unless it is said."""
    for settings, wanted in (
        ({}, True), ({"mqtt_host": "0.0.0.0"}, False), ({"mqtt_host": "0.0.0.0", "mqtt_anonymous": True}, True),
    ):  # fmt: skip
        home = make_home(broker="auto", mqtt_port=free_port(), **settings)
        start(home)
        client = Client(port(home))
        assert client.is_in is wanted
        client.close()


def test_clients_without_a_name_do_not_speak_for_bridges(make_home: MakeHome) -> None:
    """Newcomers may do nearly everything on the loopback, but not that."""
    home = make_home(broker="auto", mqtt_port=free_port())
    start(home)
    house, nobody = marge(home).subscribe("#"), Client(port(home))
    nobody.publish("marge/bridge/bell/sensor/x/config", "{}", qos=0)
    nobody.close()
    somebody = Client(port(home))
    somebody.publish("any/topic", "x")
    until(lambda: house.got("any/topic") == ["x"])
    assert house.got("marge/bridge/bell/sensor/x/config") == []
    for client in (house, somebody):
        client.close()


# -- what is retained ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("program", KINDS)
def test_what_is_retained_survives_a_killed_broker(make_home: MakeHome, program: str) -> None:
    """Whatever the profile: a crash of the broker alone costs nothing that is older than its last save."""
    home = make_home(broker=program, mqtt_port=free_port(), profile="native")
    first = start(home)
    saved = Path(first._keeper.state_dir)
    client = Client(port(home))
    client.publish("door/front", "open", retain=True)
    client.close()
    until(lambda: any(b"door/front" in file.read_bytes() for file in saved.glob("*[bl]")), what="a save")
    assert first.pid is not None
    os.kill(first.pid, signal.SIGKILL)
    until(lambda: (now := running(home)) is not None and now is not first, what="a new broker")

    late = Client(port(home)).subscribe("#")
    until(lambda: ("door/front", "open", True) in late.received)
    late.close()


@contextmanager
def a_life(folder: Path, **settings: Any) -> Iterator[Home]:
    """A life of a home with its broker; nothing of it is left, whatever happens."""
    home = build_home(folder, **settings)
    try:
        start(home)
        yield home
    finally:
        home.system.shutdown()
        home.storage.database.close()


@pytest.mark.parametrize("program", KINDS)
@pytest.mark.parametrize(("profile", "kept"), [("ha", True), ("native", False)])
def test_a_start_of_marge_replays_only_where_that_is_wanted(
    tmp_path: Path, program: str, profile: str, kept: bool
) -> None:
    """With the profile `ha` as a broker of its own would; with `native` an old alarm stays in the past."""
    settings: dict[str, Any] = {"broker": program, "mqtt_port": free_port(), "profile": profile}
    with a_life(tmp_path, **settings) as home:
        client = Client(port(home)).subscribe("smoke/#")
        client.publish("smoke/kitchen", "detected", retain=True)
        until(lambda: client.got("smoke/kitchen"))  # amqtt answers before it has kept it
        client.close()

    with a_life(tmp_path, **settings) as home:
        late = Client(port(home)).subscribe("#")
        if kept:
            until(lambda: late.got("smoke/kitchen"))
        for number in range(20):  # amqtt hands out what is retained a moment after its answer
            late.publish("sync", str(number))
        until(lambda: "19" in late.got("sync"))
        assert bool(late.got("smoke/kitchen")) is kept
        late.close()


def test_a_damaged_file_is_set_aside(make_home: MakeHome) -> None:
    """After two starts that failed with it; the third one succeeds, and the file is there to be looked at."""
    if not find_mosquitto():
        pytest.skip("mosquitto is not installed")
    home = make_home(broker="mosquitto", mqtt_port=free_port())
    folder = Path(home.config.config_dir) / ".marge" / "broker"
    folder.mkdir(parents=True)
    (folder / "mosquitto.db").write_bytes(b"\x00\xb5\x00mosquitto db" + b"\xff" * 4000)
    start(home)
    assert (folder / "mosquitto.db.damaged").exists()


def test_what_is_in_memory_after_a_crash_is_newer_than_the_disk(tmp_path: Path) -> None:
    """kill -9 of Marge: the copy in memory counts; after a power cut there is none, and the disk's does."""
    home, memory = tmp_path / "home", tmp_path / "memory"
    home.mkdir()
    memory.mkdir()
    keeper = Keeper(home, True, memory)
    file = keeper.prepare() / "mosquitto.db"
    file.write_bytes(b"old")
    keeper.write_back()
    file.write_bytes(b"new")
    os.utime(file, (9e9, 9e9))

    assert (Keeper(home, True, memory).prepare() / "mosquitto.db").read_bytes() == b"new"
    file.unlink()
    assert (Keeper(home, True, memory).prepare() / "mosquitto.db").read_bytes() == b"old"
    assert not (Keeper(home, False, memory).prepare() / "mosquitto.db").exists()


def test_a_directory_of_somebody_else_is_not_used(tmp_path: Path) -> None:
    """A link that waits in a directory for everybody, or one that others can read: the disk is used instead."""
    home, memory = tmp_path / "home", tmp_path / "memory"
    home.mkdir()
    memory.mkdir()
    place = Keeper(home, True, memory)._memory_dir
    place.symlink_to(tmp_path)
    assert Keeper(home, True, memory).prepare() == home / ".marge" / "broker"
    place.unlink()
    place.mkdir(mode=0o755)
    place.chmod(0o755)
    assert Keeper(home, True, memory).prepare() == home / ".marge" / "broker"


def test_the_disk_is_written_only_for_something_new(tmp_path: Path) -> None:
    """A memory card lives longer."""
    home, memory = tmp_path / "home", tmp_path / "memory"
    home.mkdir()
    memory.mkdir()
    keeper = Keeper(home, True, memory)
    (keeper.prepare() / "mosquitto.db").write_bytes(b"same")
    keeper.write_back()
    copy = keeper.disk_dir / "mosquitto.db"
    copy.unlink()
    keeper.write_back()
    assert not copy.exists()


def test_a_hash_is_what_mosquitto_reads() -> None:
    """Version, rounds, salt, digest."""
    empty, version, rounds, salt, digest = hashed("x", 7).split("$")
    assert (empty, version, rounds, len(salt), len(digest)) == ("", "7", "7", 16, 88)
