"""Uploaded pictures: list, rename, delete, subscribe. They are made by `POST /api/image/upload` only."""

from __future__ import annotations

from marge.domains.image_upload import CREATE_FIELDS, UPDATE_FIELDS
from marge.http.ws.collection import collection_commands

COMMANDS = collection_commands("image", CREATE_FIELDS, UPDATE_FIELDS)
