"""Files that clients send: out of a form, and kept for a while for whoever asked for one (a flow)."""

from __future__ import annotations

import os
import shutil
import tempfile
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from werkzeug.exceptions import HTTPException
from werkzeug.formparser import parse_form_data

from marge.actors import native
from marge.errors import InvalidRequest, NotFound
from marge.http.message import Request
from marge.storage.collection import random_id

MAX_FIELD = 2**20
"""Bytes of a field that is no file. At least twice the parser's chunk: it counts what it has not looked at."""
MAX_KEPT = 20
"""Uploaded files that nobody has taken; the oldest goes first."""


class Uploaded(NamedTuple):
    """One file of a form."""

    name: str
    content_type: str
    data: bytes


def uploaded_file(request: Request, field: str = "file") -> Uploaded:
    """The file in a multipart body. Read in a native thread.

    Raises:
        InvalidRequest: there is none, or its name is a path.
    """
    found = native.run(_parse, request.headers.get("content-type", ""), request.body, field)
    if found is None:
        raise InvalidRequest("No file was sent")
    if not found.name or found.name in (".", "..") or any(each in found.name for each in "/\\\0"):
        raise InvalidRequest("Invalid filename")
    return found


def save_uploaded(request: Request, target: Path) -> None:
    """The first file of a multipart body, of whatever size, into the new file `target`. In a native thread.

    Raises:
        InvalidRequest: there is none.
        OSError: it cannot be written.
    """
    spooled = None if request.spool is None else request.spool.path
    content_type = request.headers.get("content-type", "")
    if not native.attempt((OSError,), _save, content_type, request.body, spooled, target):
        native.run(target.unlink, True)
        raise InvalidRequest("No file was sent")


def _save(content_type: str, body: bytes, spooled: Path | None, target: Path) -> bool:
    source: BinaryIO = BytesIO(body) if spooled is None else spooled.open("rb")
    taken: list[BinaryIO] = []

    def take(*_: Any, **__: Any) -> BinaryIO:
        if taken:
            return BytesIO()
        taken.append(os.fdopen(os.open(target, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "w+b"))
        return taken[0]

    length = len(body) if spooled is None else spooled.stat().st_size
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "POST", "CONTENT_TYPE": content_type, "CONTENT_LENGTH": str(length), "wsgi.input": source,
    }  # fmt: skip
    with source:
        try:
            parse_form_data(environ, take, max_form_memory_size=MAX_FIELD, max_form_parts=20)
        except HTTPException:
            return False
        finally:
            for file in taken:
                file.close()
    return bool(taken)


def _form(content_type: str, body: bytes) -> tuple[Any, Any] | None:
    """The fields and files of a multipart body; None when it is none."""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "POST", "CONTENT_TYPE": content_type, "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": BytesIO(body),
    }  # fmt: skip
    try:
        _stream, fields, files = parse_form_data(environ, _in_memory, max_form_memory_size=MAX_FIELD, max_form_parts=20)
    except HTTPException:
        return None
    return fields, files


def _parse(content_type: str, body: bytes, field: str) -> Uploaded | None:
    form = _form(content_type, body)
    found = None if form is None else form[1].get(field)
    return None if found is None else Uploaded(found.filename or "", found.mimetype, found.stream.read())


def form_field(request: Request, name: str) -> str | None:
    """A text in the same multipart body; None: there is none. Read in a native thread."""
    found: str | None = native.run(_parse_field, request.headers.get("content-type", ""), request.body, name)
    return found


def _parse_field(content_type: str, body: bytes, name: str) -> str | None:
    form = _form(content_type, body)
    return None if form is None else form[0].get(name)


def _in_memory(
    total_content_length: int | None, content_type: str | None, filename: str | None, content_length: int | None = None
) -> BytesIO:
    """Not a temporary file: `tempfile` has a lock of the hub's. The body is in memory anyway."""
    return BytesIO()


class Uploads:
    """Files kept until they are taken or the server ends, in `home.shared["file_upload"]`. Waits for the disk."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="marge-uploads-")
        self._files: dict[str, Path] = {}

    def keep(self, upload: Uploaded) -> str:
        """Keep a file. Returns its id, 32 hex digits."""
        file_id = random_id()
        path = Path(self._folder.name) / file_id / upload.name
        native.run(_write, path, upload.data)
        self._files[file_id] = path
        while len(self._files) > MAX_KEPT:
            self.delete(next(iter(self._files)))
        return file_id

    def path(self, file_id: str) -> Path:
        """Where the file lies.

        Raises:
            NotFound: there is none of this id.
        """
        if file_id not in self._files:
            raise NotFound("File not found")
        return self._files[file_id]

    def delete(self, file_id: str) -> None:
        """Forget a file.

        Raises:
            NotFound: there is none of this id.
        """
        path = self.path(file_id)
        del self._files[file_id]
        native.run(shutil.rmtree, path.parent, True)


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(data)
