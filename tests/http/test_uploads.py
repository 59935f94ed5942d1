"""Files out of forms, whatever bytes they hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from marge.http.message import Headers, Request
from marge.http.uploads import save_uploaded

BOUNDARY = "5f0c2b"
CHUNK = 64 * 1024
"""What the parser reads at a time."""


def form(data: bytes) -> Request:
    """A request with one file."""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="f.tar"\r\n\r\n'.encode()
    headers = Headers()
    headers.add("content-type", f"multipart/form-data; boundary={BOUNDARY}")
    return Request("POST", "/upload", headers=headers, body=head + data + f"\r\n--{BOUNDARY}--\r\n".encode())


@pytest.mark.parametrize("shift", range(3))
@pytest.mark.parametrize("filler", [b"\r\n", b"\r\n--", b"\n", b"\0", f"\r\n--{BOUNDARY[:-1]}".encode()])
def test_a_file_of_any_bytes_arrives_whole(tmp_path: Path, filler: bytes, shift: int) -> None:
    """Also where a chunk ends in what may be the beginning of the form's end."""
    data = b"x" * shift + filler * (5 * CHUNK // len(filler)) + b"x"

    save_uploaded(form(data), tmp_path / "f.tar")

    assert (tmp_path / "f.tar").read_bytes() == data
