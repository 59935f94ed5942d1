"""Hostile templates over REST, several at once: each is answered, and nobody else waits for them."""

from __future__ import annotations

import gevent
import pytest

from tests.support.holding import HELD_S, holds
from tests.support.home import home_server
from tests.templating.hostile import REFUSED, TOO_BIG, TOO_LONG

CLIENTS = 4
LONG = [
    "{% set l = range(99999) | map('multiply', 1.1) | list %}{% set l = l + l + l %}{{ OPERATION }}".replace(
        "OPERATION", operation
    )
    for operation in (
        "(l | shuffle | sort)[0]", "l | median", "(l | string)[0]", "l | union(l) | length", "('%s' % l) | length",
        "l | groupby('x') | list", "dict(zip(l, l)) | dictsort | length", "l | unique | list | length",
    )
] + [
    "{{ '[' ~ '[],' * 60000 ~ ']' }}", "{{ ('[' ~ '[],' * 300000 ~ '[]]') | from_json | length }}",
    "{{ ('\u00e9' * 900000) | slugify | length }}", "{{ ('a b' * 300000) | urlencode | length }}",
    "{{ range(50000) | list | to_json(ensure_ascii=true, pretty_print=true) | length }}",
    "{% set s = 'ab c' * 250000 %}{% for i in range(1000) %}{% set x = s | upper %}{% set y = s.title() %}{% endfor %}",
]
REGEXES = [each for each in REFUSED if "regex" in each and "aaa" in each] * 20


@pytest.fixture(scope="module")
def server():
    with home_server() as running:
        running.wait()
        yield running


@pytest.mark.parametrize(
    "templates",
    [TOO_LONG[:4], TOO_LONG[4:], TOO_BIG[::4], LONG, REGEXES],
    ids=["endless", "long", "big", "lists", "regular expressions"],
)
def test_requests_are_answered_meanwhile(server, templates):
    """Four clients that attack at the same time: every attack is answered, and the hub is not held meanwhile."""
    def attack(number):
        own = templates[number::CLIENTS] or templates
        return [server.rest("POST", "/api/template", {"template": text}).status_code for text in own]

    with holds() as found:
        attackers = [gevent.spawn(attack, number) for number in range(CLIENTS)]
        gevent.joinall(attackers)

    assert {status for each in attackers for status in each.get()} <= {200, 400}  # a small home has few states
    assert max(found) < HELD_S
