"""What a client of the front door may cost: sizes, counts and deadlines.

Without them 900 half-sent requests stay open for ever and a 200 MB body is taken into memory (measured on pywsgi).
"""

from __future__ import annotations

from dataclasses import dataclass

KB = 1_024
MB = 1_024 * KB


@dataclass(frozen=True, slots=True)
class Limits:
    """Times in seconds, sizes in bytes. All of them are checked before authentication.

    Attributes:
        first_byte_s: from the connection to its first byte.
        header_s: from the first byte of a request to the end of its headers.
        body_s: from there to the end of its body.
        idle_s: between two requests.
        write_s: a reply of which the client takes nothing for so long.
        drain_s: running requests may finish for so long when the server stops.
        linger_s: how long a refused body is read and thrown away, so that the client sees the refusal.
        max_connections: more get 503 and are closed.
        max_url, max_head, max_headers: request target; all header bytes; number of header lines.
        max_body: 413 beyond it, as soon as it is announced or reached.
        max_large_body: the same for routes that take large bodies, from those who may use them; written to the disk.
        max_spools: so many of those at a time.
        backlog: of the listening socket; a house full of clients comes back at once after a restart.
    """

    first_byte_s: float = 30.0
    header_s: float = 15.0
    body_s: float = 60.0
    idle_s: float = 75.0
    write_s: float = 30.0
    drain_s: float = 5.0
    linger_s: float = 2.0
    max_connections: int = 4_096
    max_url: int = 16 * KB
    max_head: int = 32 * KB
    max_headers: int = 100
    max_body: int = 16 * MB
    max_large_body: int = 64 * 1_024 * MB
    max_spools: int = 2
    backlog: int = 1_024
