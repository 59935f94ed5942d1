"""Bodies of requests that are not plain JSON calls: forms, and JSON checked by a voluptuous schema."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import voluptuous as vol
from werkzeug.exceptions import HTTPException
from werkzeug.formparser import parse_form_data

from marge.errors import InvalidRequest
from marge.http.errors import HttpError
from marge.http.message import Request

MAX_FORM_BYTES = 64 * 1024


def form(request: Request) -> dict[str, str]:
    """The fields of an urlencoded or multipart body; of another type: none. Of a repeated field the first.

    Raises:
        HttpError: the form is malformed or too large.
    """
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "CONTENT_TYPE": request.headers.get("content-type", ""),
        "CONTENT_LENGTH": str(len(request.body)),
        "wsgi.input": BytesIO(request.body),
    }
    try:
        _stream, fields, _files = parse_form_data(
            environ, max_content_length=MAX_FORM_BYTES, max_form_memory_size=MAX_FORM_BYTES, max_form_parts=100
        )
    except HTTPException as exc:
        raise HttpError(exc.code or 400) from exc
    return {name: values[0] for name, values in fields.lists() if values}


def checked(request: Request, schema: vol.Schema) -> Any:
    """The JSON body, validated; errors as HA words them.

    Raises:
        InvalidRequest: not JSON, or not what the schema takes.
    """
    data = request.json("Invalid JSON.")
    try:
        return schema(data)
    except vol.Invalid as exc:
        raise InvalidRequest(f"Message format incorrect: {exc}") from exc


def told(body: Any, schema: vol.Schema) -> Any:
    """A JSON object, validated; the first thing that is wrong is said in the schema's own words.

    Raises:
        InvalidRequest: no object, or not what the schema takes.
    """
    if not isinstance(body, dict):
        raise InvalidRequest("The body must be a JSON object.")
    try:
        return schema(body)
    except vol.MultipleInvalid as exc:
        raise InvalidRequest(exc.errors[0].msg) from exc
