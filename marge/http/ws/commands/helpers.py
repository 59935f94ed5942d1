"""Helpers that people make while the home runs: list, create, update, delete and subscribe, for each domain."""

from __future__ import annotations

from marge.domains import (
    counter,
    input_boolean,
    input_button,
    input_datetime,
    input_number,
    input_select,
    input_text,
    schedule,
    timer,
)
from marge.domains._stored import settle
from marge.http.ws.collection import collection_commands

_DOMAINS = (
    counter, input_boolean, input_button, input_datetime, input_number, input_select, input_text, schedule,
    timer,
)  # fmt: skip

COMMANDS = tuple(
    command
    for domain in _DOMAINS
    for command in collection_commands(domain.DOMAIN.name, domain.ITEM_FIELDS, settle=settle(domain.DOMAIN.name))
)
