"""`marge simulate cast`: a Google Cast device. `/setup/eureka_info` over HTTP, CASTV2 over TLS."""

from __future__ import annotations

import queue
import socket
import ssl
import threading
from contextlib import suppress
from pathlib import Path

import click
import orjson
import structlog

from marge.simulate.families._cast_receiver import MEDIA_PLAYER, Answer, Receiver
from marge.simulate.families._serving import HttpAnswer, HttpDevice, HttpRequest, run_until_told
from marge.util.castv2 import CastReader, CastWireError, encode

log = structlog.get_logger("marge.simulate")

CERTIFICATE = Path(__file__).with_name("_cast_device.pem")
MAX_CLIENTS = 20
MAX_WAITING = 100
"""Messages for a client that does not read; then it is let go."""
IDLE_S = 60.0
"""A client that has not said a word for so long is gone: they ping every five seconds."""

SONGS = (
    {"contentId": "http://127.0.0.1/fireflies.mp3", "contentType": "audio/mpeg", "duration": 214.0,
     "metadata": {"metadataType": 3, "title": "Fireflies", "artist": "The Porch Lamps", "albumName": "Dusk",
                  "trackNumber": 1, "images": [{"url": "https://covers.example/dusk.jpg"}]}},
    {"contentId": "http://127.0.0.1/moths.mp3", "contentType": "audio/mpeg", "duration": 187.0,
     "metadata": {"metadataType": 3, "title": "Moths", "artist": "The Porch Lamps", "albumName": "Dusk",
                  "trackNumber": 2}},
)  # fmt: skip


class _Client:
    def __init__(self, name: str, connection: ssl.SSLSocket) -> None:
        self.name, self.connection = name, connection
        self.waiting: queue.Queue[bytes | None] = queue.Queue(MAX_WAITING)

    def write(self) -> None:
        """In a thread of its own, until there is a None."""
        try:
            while (data := self.waiting.get()) is not None:
                self.connection.sendall(data)
        except OSError:
            log.debug("a client went away", client=self.name)
        _shut(self.connection)


class CastDevice:
    """One device on two ports.

    Attributes:
        receiver: what it knows; ask `change` to change it.
        connected: how many clients there are.
    """

    def __init__(self, receiver: Receiver, host: str, http_port: int, tls_port: int) -> None:
        self.receiver = receiver
        self.http = HttpDevice(host, http_port, self._answer)
        self._wanted = (host, tls_port)
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(CERTIFICATE)
        self._listener: socket.socket | None = None
        self._clients: dict[str, _Client] = {}
        self._lock = threading.Lock()
        self._count = 0

    @property
    def address(self) -> tuple[str, int]:
        """Of the CASTV2 port."""
        if self._listener is None:
            return self._wanted
        host, port = self._listener.getsockname()[:2]
        return str(host), int(port)

    @property
    def connected(self) -> int:
        return len(self._clients)

    def start(self) -> None:
        """Listen from now on.

        Raises:
            OSError: an address cannot be had.
        """
        self.http.start()
        self._listener = socket.create_server(self._wanted)
        self._wanted = self.address
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def stop(self) -> None:
        """As when somebody pulls the plug."""
        self.http.stop()
        listener, self._listener = self._listener, None
        if listener is not None:
            _shut(listener)
        for client in list(self._clients.values()):
            _shut(client.connection)

    def play_songs(self) -> None:
        """Somebody starts the music from a phone."""
        with self._lock:
            receiver = self.receiver
            self._send(receiver.receive("", receiver.order("LAUNCH", appId=MEDIA_PLAYER)))
            receiver.load([dict(song) for song in SONGS])
            self._send([receiver.news()])

    def _answer(self, request: HttpRequest) -> HttpAnswer:
        if request.method == "GET" and request.path == "/setup/eureka_info":
            return HttpAnswer(body=orjson.dumps(self.receiver.eureka_info()))
        return HttpAnswer(404, b"", "text/plain")

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, plain: socket.socket) -> None:
        plain.settimeout(IDLE_S)
        try:
            connection = self._context.wrap_socket(plain, server_side=True)
        except OSError as error:
            log.info("no TLS", reason=str(error))
            plain.close()
            return
        with self._lock:
            self._count += 1
            client = _Client(f"client-{self._count}", connection)
            if len(self._clients) >= MAX_CLIENTS:
                _shut(connection)
                return
            self._clients[client.name] = client
        threading.Thread(target=client.write, daemon=True).start()
        reader = CastReader()
        try:
            while data := connection.recv(65_536):
                for message in reader.feed(data):
                    with self._lock:
                        self._send(self.receiver.receive(client.name, message))
        except (OSError, CastWireError) as error:
            log.info("a client is let go", client=client.name, reason=str(error))
        finally:
            with self._lock:
                self._clients.pop(client.name, None)
            _shut(connection)
            _put(client, None)

    def _send(self, answers: list[Answer]) -> None:
        for answer in answers:
            data = encode(answer.message)
            for client in list(self._clients.values()):
                if answer.to in (None, client.name):
                    _put(client, data)


def _put(client: _Client, data: bytes | None) -> None:
    try:
        client.waiting.put_nowait(data)
    except queue.Full:
        _shut(client.connection)


def _shut(connection: socket.socket) -> None:
    with suppress(OSError):  # it was shut already
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option("--http-port", default=8008, show_default=True, help="Port of /setup/eureka_info; 0: any.")
@click.option("--port", default=8009, show_default=True, help="Port of CASTV2; 0: any.")
@click.option("--name", default="Living Room TV", show_default=True, help="The device's name.")
@click.option("--model", default="Chromecast Ultra", show_default=True, help="Its model.")
@click.option("--audio", is_flag=True, help="A speaker: no display, no idle screen.")
@click.option("--playing", is_flag=True, help="Somebody is playing a song.")
def command(host: str, http_port: int, port: int, name: str, model: str, audio: bool, playing: bool) -> None:
    """A Google Cast device: it can be asked, launched, loaded, paused, turned up.

    Nothing is fetched or heard: what is loaded "plays" for as long as nobody stops it.
    """
    device = CastDevice(Receiver(name, model, not audio), host, http_port, port)
    if playing:
        device.play_songs()
    try:
        run_until_told(device)
    except OSError as error:
        raise click.ClickException(f"{host} cannot be listened at: {error}. Choose another --host or port.") from error
