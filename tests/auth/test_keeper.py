"""The keeper survives a database that fails, and loses no use and no revocation."""

from __future__ import annotations

from typing import Any

import peewee
import pytest

from marge.actors import ActorSystem, ChildSpec, SimulatedClock
from marge.auth import AuthKeeper, AuthStore
from marge.storage import Database, KeyValue
from tests.support.waiting import until


@pytest.fixture
def parts(tmp_path):
    clock = SimulatedClock()
    system = ActorSystem(clock=clock)
    database = Database(tmp_path / "marge.db")
    yield system, clock, database, AuthStore(database, KeyValue(database), clock)
    system.shutdown()
    database.close()


def test_a_full_disk_costs_neither_the_house_nor_a_revocation(parts, monkeypatch, tmp_path):
    """While writing fails the keeper tries on; afterwards everything is written."""
    system, clock, database, store = parts
    user = store.create_user("A", "a", "pw", is_owner=True)
    secret, token = store.create_long_lived(user, "one")
    _kept, other = store.create_long_lived(user, "two")
    assert store.authenticate(secret) == user
    system.spawn(ChildSpec("auth", AuthKeeper, (store,)))
    real = database.run

    def full(function: Any) -> Any:
        raise peewee.OperationalError("database or disk is full")

    monkeypatch.setattr(database, "run", full)
    with pytest.raises(peewee.OperationalError):
        store.revoke(other.id)
    for _ in range(15):
        clock.advance(2.1)
    assert system.actor("/auth").describe()["last_error"] == "database or disk is full"
    assert system.actor("/").child("auth").total_restarts == 0
    assert store.authenticate(_kept) is None

    monkeypatch.setattr(database, "run", real)
    clock.advance(2.1)
    until(lambda: system.actor("/auth").describe()["last_error"] is None)
    again = AuthStore(database, KeyValue(database), clock)
    assert [each.id for each in again.tokens()] == [token.id]
    assert again.tokens()[0].last_used_at is not None


def test_a_user_who_could_not_be_stored_does_not_exist(parts, monkeypatch):
    """Nobody may log in whom the next start would forget."""
    _system, _clock, database, store = parts

    def full(function: Any) -> Any:
        raise peewee.OperationalError("database or disk is full")

    monkeypatch.setattr(database, "run", full)
    with pytest.raises(peewee.OperationalError):
        store.create_user("A", "a", "pw", is_owner=True)

    assert store.owner() is None
    assert store.usernames() == {}


def test_an_onboarding_step_is_done_once(parts):
    """Of two who tick the same step at once one hears that it was done."""
    import gevent

    *_, store = parts
    jobs = [gevent.spawn(store.finish_onboarding_step, "analytics") for _ in range(4)]
    gevent.joinall(jobs, raise_error=True)

    assert sorted(job.value for job in jobs) == [False, False, False, True]
    assert store.onboarding_done() == ["analytics"]
