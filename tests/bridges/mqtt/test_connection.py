"""The connection to somebody else's broker: encryption, both versions, accounts, and a session that outlives Marge."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from marge.bridges.broker.accounts import hashed
from marge.bridges.endpoint import Endpoint
from marge.bridges.mqtt import checking, connection, paho_client, specs
from marge.bridges.mqtt.bridge import MqttBridge
from marge.bridges.mqtt.messages import Publish
from marge.home import Home
from tests.bridges.conftest import build_home
from tests.bridges.mqtt.wire import Device
from tests.support.broker import free_port, mosquitto_path
from tests.support.mqtt_client import Client
from tests.support.waiting import until

pytestmark = pytest.mark.skipif(mosquitto_path() is None, reason="mosquitto is not installed")

SENSOR = {"name": "Door", "unique_id": "door", "state_topic": "door/state", "default_entity_id": "sensor.door"}
CONFIG = "homeassistant/sensor/door/config"


class Mosquitto:
    """One of the user's own, with these lines; `kill` and `start` as often as one likes."""

    def __init__(self, folder: Path, *lines: str) -> None:
        self.port = free_port()
        self.conf = folder / "mosquitto.conf"
        user = "user root" if os.geteuid() == 0 else ""
        text = [f"listener {self.port} 127.0.0.1", *lines, f"persistence_location {folder}/", "log_type error", user]
        self.conf.write_text("\n".join(text).replace("$folder", str(folder)) + "\n")
        self.process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen([str(mosquitto_path()), "-c", str(self.conf)], stdin=subprocess.DEVNULL)
        until(self._listens, what="a listening broker")

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def stop(self, number: int = signal.SIGTERM) -> None:
        assert self.process is not None
        self.process.send_signal(number)
        self.process.wait(60)


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Callable[..., Mosquitto]]:
    """Starts brokers of the user's own."""
    made: list[Mosquitto] = []

    def make(*lines: str) -> Mosquitto:
        folder = tmp_path / f"mosquitto{len(made)}"
        folder.mkdir()
        made.append(Mosquitto(folder, *lines))
        return made[-1]

    yield make
    for each in made:
        with contextlib.suppress(ProcessLookupError):
            each.stop(signal.SIGKILL)


@contextlib.contextmanager
def marge(folder: Path, port: int, **settings: Any) -> Iterator[Home]:
    """A life of Marge: a home in `folder`, its MQTT bridge started. The next one finds what this one stored."""
    folder.mkdir(exist_ok=True)
    home = build_home(
        folder, **{"broker": "external", "broker_host": "localhost", "broker_port": port, **settings}
    )
    for spec in specs(home):
        home.system.spawn(spec, "/bridges")
    try:
        yield home
    finally:
        home.system.shutdown()
        home.storage.database.close()


def bridge(home: Home) -> MqttBridge:
    actor = home.system.actor("/bridges/mqtt")
    assert isinstance(actor, MqttBridge)
    return actor


def connected(home: Home) -> MqttBridge:
    """The bridge, once it has taken up its session."""
    until(lambda: bridge(home).connected and not bridge(home).link.is_scouting, what="a connection")
    until(lambda: bridge(home).figures()["subscribing"] == 0, what="subscriptions")
    return bridge(home)


def shown(home: Home, entity_id: str) -> str | None:
    state = home.states.get(entity_id)
    return None if state is None else state.state


# -- encryption ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: Any) -> Path:
    """An authority of our own, a certificate for `localhost`, one for a client, and an authority nobody knows."""
    folder: Path = tmp_path_factory.mktemp("certificates")

    def openssl(*words: str) -> None:
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)

    for name in ("ca", "stranger"):
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                "-keyout", f"{name}.key", "-out", f"{name}.pem", "-subj", f"/CN={name}")  # fmt: skip
    (folder / "names").write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
    for name in ("server", "client"):
        openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", f"{name}.key",
                "-out", f"{name}.csr", "-subj", f"/CN={name}")  # fmt: skip
        openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
                "-days", "2", "-out", f"{name}.pem", "-extfile", "names")  # fmt: skip
    return folder


def tls_lines(certificates: Path) -> tuple[str, ...]:
    return (
        f"cafile {certificates}/ca.pem", f"certfile {certificates}/server.pem", f"keyfile {certificates}/server.key",
        "require_certificate true", "allow_anonymous true",
    )  # fmt: skip


def test_it_speaks_tls_with_a_certificate_of_its_own(
    own: Callable[..., Mosquitto], certificates: Path, tmp_path: Path
) -> None:
    """Both sides show a certificate and believe the other's."""
    broker = own(*tls_lines(certificates))
    settings = {
        "broker_ca": certificates / "ca.pem", "broker_certificate": certificates / "client.pem",
        "broker_key": certificates / "client.key",
    }  # fmt: skip
    for protocol in ("3.1.1", "5"):
        with marge(tmp_path / "home", broker.port, broker_protocol=protocol, **settings) as home:
            connected(home)
            context = ssl.create_default_context(cafile=str(certificates / "ca.pem"))
            context.load_cert_chain(str(certificates / "client.pem"), str(certificates / "client.key"))
            device = Client(broker.port, tls=context, host="localhost")
            device.publish(CONFIG, json.dumps(SENSOR))
            until(lambda: home.states.get("sensor.door"))
            until(lambda: bridge(home).figures()["subscribing"] == 0)
            device.publish("door/state", protocol)
            until(lambda wanted=protocol: shown(home, "sensor.door") == wanted)  # type: ignore[misc]
            device.close()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"broker_ca": "stranger.pem"}, "its certificate is not believed"),
        ({"broker_ca": "none.pem"}, "a certificate's file is missing"),
        ({"broker_ca": "ca.key"}, "encryption failed"),
        ({"broker_certificate": None, "broker_key": None}, "connection lost"),
        ({"broker_ca": None, "broker_certificate": None, "broker_key": None}, "connection lost"),
    ],
)
def test_what_is_wrong_with_encryption_is_said(
    own: Callable[..., Mosquitto], certificates: Path, tmp_path: Path, changes: dict[str, Any], reason: str
) -> None:
    """An authority nobody knows, a missing file, one that holds none, no certificate of ours, no TLS at all."""
    broker = own(*tls_lines(certificates))
    names = {"broker_ca": "ca.pem", "broker_certificate": "client.pem", "broker_key": "client.key", **changes}
    settings = {key: None if name is None else certificates / name for key, name in names.items()}
    with marge(tmp_path / "home", broker.port, **settings) as home:
        until(lambda: reason in (bridge(home).last_error or ""), 10, reason)
        assert bridge(home).status == "starting"


def test_any_certificate_is_believed_only_when_that_is_said(
    own: Callable[..., Mosquitto], certificates: Path, tmp_path: Path
) -> None:
    """`insecure`: for tests, since anybody between can read along."""
    broker = own(*(line for line in tls_lines(certificates) if "require" not in line))
    with marge(tmp_path / "home", broker.port, broker_tls=True) as home:
        until(lambda: "not believed" in (bridge(home).last_error or ""))
    with marge(tmp_path / "home", broker.port, broker_insecure=True) as home:
        connected(home)


@pytest.mark.parametrize("protocol", ["3.1.1", "5"])
def test_it_speaks_over_websockets(own: Callable[..., Mosquitto], tmp_path: Path, protocol: str) -> None:
    """Through a reverse proxy, say."""
    # mosquitto wants a listener of the other kind beside it
    broker = own("protocol websockets", f"listener {free_port()} 127.0.0.1", "allow_anonymous true")
    with marge(
        tmp_path / "home", broker.port, broker_transport="websockets", broker_ws_path="/mqtt", broker_protocol=protocol
    ) as home:
        connected(home)
        listener = Client(broker.port, transport="websockets").subscribe("out")
        home.system.ask("/bridges/mqtt", Publish("out", "hello", 1, must=True))
        until(lambda: listener.got("out") == ["hello"])
        listener.close()


# -- credentials -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("protocol", ["3.1.1", "5"])
def test_wrong_credentials_are_told_to_the_user_until_they_are_right(
    own: Callable[..., Mosquitto], tmp_path: Path, protocol: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A repair notice and slow tries, by the same actor; the notice goes when the broker takes us."""
    monkeypatch.setattr(paho_client, "REFUSED_S", 0.3)
    passwords = tmp_path / "passwords"
    passwords.write_text(f"marge:{hashed('another')}\n")
    broker = own("allow_anonymous false", f"password_file {passwords}")
    with marge(
        tmp_path / "home", broker.port, broker_username="marge", broker_password="right", broker_protocol=protocol,
    ) as home:  # fmt: skip
        issues = home.registries.issues
        until(lambda: issues.find("mqtt", connection.CREDENTIALS_ISSUE), what="the notice")
        first = bridge(home)
        assert "refused us" in (first.last_error or "")
        assert first.status == "starting"
        passwords.write_text(f"marge:{hashed('right')}\n")
        assert broker.process is not None
        broker.process.send_signal(signal.SIGHUP)
        connected(home)
        until(lambda: issues.find("mqtt", connection.CREDENTIALS_ISSUE) is None)
        assert bridge(home) is first


def test_a_refused_client_tries_slowly() -> None:
    """Brokers lock out who tries too often, and somebody has to do something first."""
    client = paho_client.PahoClient("x", Endpoint("127.0.0.1", 1), keeps_session=False)
    waits: list[float] = []
    client._hurry = SimpleNamespace(wait=waits.append, clear=lambda: None)
    for _ in range(12):
        client._reconnect_wait()
    client.answered(refused=True)
    client._reconnect_wait()
    client.answered(refused=False)
    client.is_refused = False
    client._reconnect_wait()

    assert waits[0] < 1
    assert all(20 < wait < 40 for wait in waits[8:12])
    assert len({round(wait, 3) for wait in waits[8:12]}) > 1  # jitter
    assert waits[12] > 40
    assert waits[13] < 1


# -- the session -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("protocol", ["3.1.1", "5"])
def test_nothing_is_lost_while_marge_restarts(
    own: Callable[..., Mosquitto], tmp_path: Path, protocol: str
) -> None:
    """What came meanwhile at QoS 1 and 2 arrives, in order and once, though its entity has to be made first."""
    broker = own("allow_anonymous true", "max_queued_messages 0")
    device = Client(broker.port)
    device.publish(CONFIG, json.dumps(SENSOR), retain=True)
    folder = tmp_path / "home"
    with marge(folder, broker.port, broker_protocol=protocol) as home:
        connected(home)
        until(lambda: bridge(home).figures()["filters"] and home.states.get("sensor.door"))
        until(lambda: bridge(home).figures()["subscribing"] == 0)
        device.publish("door/state", "before")
        until(lambda: shown(home, "sensor.door") == "before")
        remember(home)
    for number in range(50):
        device.publish("door/state", f"away {number}", qos=1 + number % 2)
    with marge(folder, broker.port, broker_protocol=protocol) as home:
        heard: list[str] = []
        home.bus.subscribe(lambda event: heard.append(event.data["new_state"].state), "state_changed")
        connected(home)
        until(lambda: shown(home, "sensor.door") == "away 49")
        device.publish("door/state", "now")
        until(lambda: shown(home, "sensor.door") == "now")
        assert [text for text in heard if text.startswith("away")] == [f"away {number}" for number in range(50)]
    device.close()


def test_a_crash_in_the_first_second_loses_nothing(own: Callable[..., Mosquitto], tmp_path: Path) -> None:
    """That there is a session is known as soon as there is one."""
    broker = own("allow_anonymous true", "max_queued_messages 0")
    device = Client(broker.port)
    device.publish(CONFIG, json.dumps(SENSOR), retain=True)
    folder = tmp_path / "home"
    with marge(folder, broker.port) as home:
        connected(home)
        until(lambda: home.states.get("sensor.door") and bridge(home).figures()["subscribing"] == 0)
        until(lambda: home.storage.load(connection.SESSION_KEY))
    device.publish("door/state", "away")
    with marge(folder, broker.port) as home:
        assert until(lambda: bridge(home).link.is_scouting or shown(home, "sensor.door"))
        until(lambda: shown(home, "sensor.door") == "away")
    device.close()


def remember(home: Home) -> None:
    """As the tick does after some seconds."""
    the_bridge = bridge(home)
    the_bridge.link.remember(the_bridge._wanted, tidy=False)
    until(lambda: home.storage.load(connection.SESSION_KEY))


def test_live_messages_during_the_start_arrive_once(
    own: Callable[..., Mosquitto], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The scout leaves to the session what the session keeps; nothing is handled twice."""
    monkeypatch.setattr("marge.bridges.mqtt.bridge.SETTLED_AFTER_S", 1.0)
    broker = own("allow_anonymous true", "max_queued_messages 0")
    device = Client(broker.port)
    device.publish(CONFIG, json.dumps({**SENSOR, "force_update": True}), retain=True)
    folder = tmp_path / "home"
    with marge(folder, broker.port) as home:
        connected(home)
        until(lambda: home.states.get("sensor.door") and bridge(home).figures()["subscribing"] == 0)
        remember(home)
    with marge(folder, broker.port) as home:
        heard: list[str] = []
        home.bus.subscribe(lambda event: heard.append(event.data["new_state"].state), "state_changed")
        until(lambda: bridge(home).connected and home.states.get("sensor.door"))
        assert bridge(home).link.is_scouting
        for number in range(10):
            device.publish("door/state", f"live {number}")
        connected(home)
        until(lambda: shown(home, "sensor.door") == "live 9")
        device.publish("door/state", "end")
        until(lambda: shown(home, "sensor.door") == "end")
        assert [text for text in heard if text.startswith("live")] == [f"live {number}" for number in range(10)]
    device.close()


def test_an_unacknowledged_message_comes_again_and_counts_once(
    own: Callable[..., Mosquitto], tmp_path: Path
) -> None:
    """The connection breaks after it was handled and before our word arrived."""
    broker = own("allow_anonymous true", "persistence true", "autosave_interval 0", "max_queued_messages 0")
    device = Client(broker.port)
    with marge(tmp_path / "home", broker.port) as home:
        the_bridge = connected(home)
        heard: list[str] = []
        home.shared["mqtt_topics"].follow("press", lambda message: heard.append(message.text or ""), 1)
        until(lambda: "press" in the_bridge._wanted and the_bridge.figures()["subscribing"] == 0)
        the_bridge.link._main.ack = lambda number, qos: None  # type: ignore[union-attr, method-assign]
        device.publish("press", "once")
        until(lambda: heard == ["once"])
        del the_bridge.link._main.ack  # type: ignore[union-attr]
        broker.stop()  # orderly: it keeps what is not acknowledged
        until(lambda: not the_bridge.connected)
        broker.start()
        connected(home)
        until(lambda: device.is_in and device.lost and device.paho.is_connected())
        device.publish("press", "twice")
        until(lambda: "twice" in heard)
        assert heard == ["once", "twice"]
    device.close()


def test_what_was_not_acknowledged_before_a_crash_comes_to_the_next_life(
    own: Callable[..., Mosquitto], tmp_path: Path
) -> None:
    """Only what was handled is acknowledged."""
    broker = own("allow_anonymous true", "max_queued_messages 0")
    device = Client(broker.port)
    device.publish(CONFIG, json.dumps(SENSOR), retain=True)
    folder = tmp_path / "home"
    with marge(folder, broker.port) as home:
        the_bridge = connected(home)
        until(lambda: home.states.get("sensor.door") and the_bridge.figures()["subscribing"] == 0)
        remember(home)
        the_bridge.handle = lambda message: None  # type: ignore[method-assign]
        the_bridge.link.acknowledge = lambda: None  # type: ignore[method-assign]
        device.publish("door/state", "taken but not written")
        until(lambda: the_bridge.link.owes)
    with marge(folder, broker.port) as home:
        until(lambda: shown(home, "sensor.door") == "taken but not written")
    device.close()


def test_subscriptions_that_nobody_wants_any_more_are_taken_back(
    own: Callable[..., Mosquitto], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the broker would keep their messages for us for ever."""
    broker = own("allow_anonymous true", "max_queued_messages 0")
    folder = tmp_path / "home"
    with marge(folder, broker.port) as home:
        connected(home)
        home.shared["mqtt_topics"].follow("old/topic", lambda message: None, 1)
        until(lambda: "old/topic" in bridge(home)._wanted and bridge(home).figures()["subscribing"] == 0)
        remember(home)
    monkeypatch.setattr("marge.bridges.mqtt.bridge.TIDY_AFTER_S", 0.0)
    with marge(folder, broker.port) as home:
        the_bridge = connected(home)
        the_bridge.link.remember(the_bridge._wanted, tidy=True)
        until(lambda: "old/topic" not in home.storage.load(connection.SESSION_KEY)["filters"])
        received = the_bridge.received
        device = Client(broker.port)
        device.publish("old/topic", "nobody listens")
        device.publish(CONFIG, json.dumps(SENSOR))
        until(lambda: home.states.get("sensor.door"))
        assert the_bridge.received == received + 1
        device.close()


def test_it_comes_back_by_itself_with_all_its_subscriptions(
    own: Callable[..., Mosquitto], tmp_path: Path
) -> None:
    """kill -9 of a broker without a memory: the same actor, all topics again, status and birth again."""
    broker = own("allow_anonymous true")
    with marge(tmp_path / "home", broker.port) as home:
        the_bridge = connected(home)
        device = Client(broker.port)
        device.publish(CONFIG, json.dumps(SENSOR))
        until(lambda: home.states.get("sensor.door") and the_bridge.figures()["subscribing"] == 0)
        broker.stop(signal.SIGKILL)
        until(lambda: shown(home, "sensor.door") == "unavailable")
        broker.start()
        connected(home)
        late = Client(broker.port).subscribe("marge/system/status")
        until(lambda: late.got("marge/system/status") == ["online"])
        late.publish("door/state", "again")
        until(lambda: shown(home, "sensor.door") == "again")
        assert bridge(home) is the_bridge
        late.close()
        device.close()


def test_an_orderly_end_is_told(own: Callable[..., Mosquitto], tmp_path: Path) -> None:
    """Status, last will's topic and each bridge; what is retained says that nobody is there."""
    broker = own("allow_anonymous true")
    watching = Client(broker.port).subscribe("marge/#", "homeassistant/status")
    with marge(tmp_path / "home", broker.port) as home:
        connected(home)
        until(lambda: watching.got("marge/integration/mqtt/status") == ["online"])
        until(lambda: watching.got("homeassistant/status") == ["online"])
    for topic in ("marge/system/status", "marge/integration/mqtt/status", "homeassistant/status"):
        # once: a broker that did not hear the good-bye would say the last will, too
        until(lambda topic=topic: watching.got(topic) == ["online", "offline"], what=topic)  # type: ignore[misc]
    late = Client(broker.port).subscribe("marge/+/+/status")
    until(lambda: late.got("marge/integration/mqtt/status") == ["offline"])
    late.close()
    watching.close()


def test_a_broken_connection_is_told_by_the_broker(own: Callable[..., Mosquitto], tmp_path: Path) -> None:
    """Both wills, on both topics: Marge cannot say it."""
    broker = own("allow_anonymous true")
    watching = Client(broker.port).subscribe("marge/system/status", "homeassistant/status")
    with marge(tmp_path / "home", broker.port) as home:
        link = connected(home).link
        until(lambda: link._presence is not None and link._presence.connected)
        for client in (link._main, link._presence):
            client._client._sock_close()  # type: ignore[union-attr]
        until(lambda: "offline" in watching.got("marge/system/status"))
        until(lambda: "offline" in watching.got("homeassistant/status"))
        until(lambda: watching.got("marge/system/status")[-1] == "online")
    watching.close()


def test_two_lives_have_one_client_id(own: Callable[..., Mosquitto], tmp_path: Path) -> None:
    """It is the home's own, made once; another home has another."""
    broker = own("allow_anonymous true")
    seen = []
    for folder in ("home", "home", "other"):
        with marge(tmp_path / folder, broker.port) as home:
            bridge = connected(home)
            # The one that looks around first has a longer name.
            seen.append(until(lambda: (name := bridge.figures()["client_id"]).count("-") == 1 and name))  # noqa: B023
    assert seen[0] == seen[1] != seen[2]


# -- strangers -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\x20\x02\x00", b"\x20\xff\xff\xff\xff\xff\xff", b"\x00" * 10_000,
     b"\x20\x02\x00\x00\x30\x05\x00\xff\xfe\xfd\x41", b"\x20\x02\x00\x00\x90\x7f" + b"\xff" * 200],
    ids=["silence", "a web server", "half an answer", "a length without end", "zeros", "a topic that is none",
         "a nonsense answer to subscriptions"],
)  # fmt: skip
def test_what_is_no_broker_is_tried_again_and_harms_nobody(
    tmp_path: Path, answer: bytes, own: Callable[..., Mosquitto]
) -> None:
    """Whatever comes back on that port: the same actor, and a true broker there is found later."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        port = listening.getsockname()[1]
        with marge(tmp_path / "home", port, broker_host="127.0.0.1") as home:
            stranger, _address = listening.accept()
            stranger.recv(1000)
            stranger.sendall(answer)
            until(lambda: bridge(home).status in ("starting", "running", "degraded"))
            stranger.close()
            listening.close()
            first = bridge(home)
            until(lambda: first.last_error, what="a reason")
            first.link._main._client._port = own("allow_anonymous true").port  # type: ignore[union-attr]
            first.link.hurry()
            connected(home)
            assert bridge(home) is first


def test_a_broker_is_tried_before_it_is_stored(own: Callable[..., Mosquitto], tmp_path: Path) -> None:
    """Reached, refused, nobody there, no such host, nonsense: one word each, within some seconds."""
    passwords = tmp_path / "passwords"
    passwords.write_text(f"frida:{hashed('open')}\n")
    broker = own("allow_anonymous false", f"password_file {passwords}")
    right = {"broker": "127.0.0.1", "port": broker.port, "username": "frida", "password": "open"}
    assert checking.check(right) is None
    assert checking.check({**right, "protocol": "5"}) is None
    assert checking.check({**right, "password": "x"}) == "invalid_auth"
    assert checking.check({**right, "port": free_port()}) == "cannot_connect"
    assert checking.check({**right, "broker": "no-such-host.invalid"}) == "cannot_connect"
    assert checking.check({**right, "certificate": "-----BEGIN nonsense"}) == "cannot_connect"
    assert checking.check({**right, "transport": "websockets"}) == "cannot_connect"


def test_it_speaks_over_encrypted_websockets(
    own: Callable[..., Mosquitto], certificates: Path, tmp_path: Path
) -> None:
    """wss: both at once."""
    lines = [line for line in tls_lines(certificates) if "require" not in line and "anonymous" not in line]
    broker = own("protocol websockets", *lines, f"listener {free_port()} 127.0.0.1", "allow_anonymous true")
    settings = {"broker_transport": "websockets", "broker_ws_path": "/mqtt", "broker_ca": certificates / "ca.pem"}
    with marge(tmp_path / "home", broker.port, **settings) as home:
        connected(home)
        listener = Client(
            broker.port, transport="websockets", host="localhost",
            tls=ssl.create_default_context(cafile=str(certificates / "ca.pem")),
        ).subscribe("out")  # fmt: skip
        home.system.ask("/bridges/mqtt", Publish("out", "hello", 1, must=True))
        until(lambda: listener.got("out") == ["hello"])
        listener.close()


def test_packets_are_read_many_at_a_time(own: Callable[..., Mosquitto], tmp_path: Path) -> None:
    """A burst of messages costs a few reads of the socket; none of them is lost, small or larger than the buffer."""
    broker = own("allow_anonymous true")
    with marge(tmp_path / "home", broker.port) as home:
        found = connected(home)
        heard: list[bytes] = []
        found.listen("burst/#", lambda message: heard.append(message.payload), 1)
        until(lambda: found.figures()["subscribing"] == 0, what="the subscription")
        sent = [b"%d" % number * (40_000 if number % 100 == 7 else 1) for number in range(500)]
        device = Device("127.0.0.1", broker.port)
        for payload in sent:
            device._client.publish("burst/x", payload, qos=1)
        until(lambda: len(heard) >= len(sent), what="the burst")
        device.close()
        assert heard == sent
