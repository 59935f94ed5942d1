"""Users and tokens over a real database: other processes, revocation, races with a load."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gevent
import pyotp
import pytest

from marge.actors import WallClock
from marge.auth import ADMIN, READ_ONLY, USER, AuthStore, LoginRefused
from marge.auth import people as people_module
from marge.auth.models import TOKEN_PREFIX, create_cli_token
from marge.auth.totp import new_secret
from marge.errors import InvalidRequest
from marge.storage import Database, KeyValue
from tests.support.waiting import until

PASSWORD = "a good password"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database(tmp_path / "marge.db")
    yield made
    made.close()


@pytest.fixture
def store(database: Database) -> AuthStore:
    return AuthStore(database, KeyValue(database), WallClock())


def test_a_token_of_another_process_works_at_once(store: AuthStore, tmp_path: Path) -> None:
    """The very first request with it is let in, even right after a look at the database."""
    for number in range(3):
        assert store.authenticate(TOKEN_PREFIX + os.urandom(16).hex()) is None  # makes it look
        with Database.open_sync(tmp_path / "marge.db") as db:
            secret, _token = create_cli_token(db, f"cli {number}", time.time())

        assert store.authenticate(secret) is not None


def test_unknown_tokens_share_one_look(store: AuthStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred guesses at the same time cost a look or two, not a hundred, and none of them gets in."""
    looks: list[Any] = []
    run = store._database.run

    def counted(function: Any) -> Any:
        looks.append(function)
        return run(function)

    monkeypatch.setattr(store._database, "run", counted)
    asked = [gevent.spawn(store.authenticate, TOKEN_PREFIX + f"{number:032x}") for number in range(100)]
    gevent.joinall(asked)

    assert not any(greenlet.value for greenlet in asked)
    assert len(looks) <= 2


def test_what_is_no_token_costs_no_look(store: AuthStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what looks like a long-lived token may be another process's."""
    monkeypatch.setattr(store._database, "run", lambda _function: pytest.fail("looked"))

    for text in ("", "nope", "a.b.c", "ey" * 40, "\N{SNOWMAN}", "marge"):
        assert store.authenticate(text) is None


def test_a_revoked_token_and_what_was_made_from_it_end_together(store: AuthStore) -> None:
    """The refresh token's access tokens are refused from the moment it is revoked, and who listens is told once."""
    user = store.create_user("Ann", "ann", PASSWORD)
    secret, token = store.create_refresh_token(user, "http://x/")
    access = store.access_token(token)
    told: list[str] = []
    store.on_revoked(token.id, lambda: told.append("first"))
    take_back = store.on_revoked(token.id, lambda: told.append("second"))
    take_back()

    assert store.authenticate(access) == user
    assert store.authenticate(secret) is None  # a refresh token opens nothing by itself
    assert store.revoke(token.id)
    assert store.authenticate(access) is None
    assert not store.revoke(token.id)
    assert told == ["first"]


def test_a_load_does_not_undo_what_happens_meanwhile(store: AuthStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """A token revoked, and one made, while the rows are read: the one stays dead, the other alive."""
    user = store.create_user("Ann", "ann", PASSWORD)
    _secret, old = store.create_long_lived(user, "old")
    made: list[str] = []
    run = store._database.run

    def slow(function: Any) -> Any:
        rows = run(function)
        if not made:
            made.append("")
            store.revoke(old.id)
            made[0] = store.create_long_lived(user, "new")[0]
        return rows

    monkeypatch.setattr(store._database, "run", slow)
    store._load()

    assert store.token(old.id) is None
    assert store.authenticate(made[0]) == user


def test_revoking_in_another_process_is_noticed(store: AuthStore, tmp_path: Path) -> None:
    """The keeper's next look ends the token here, too, and tells who listens."""
    user = store.create_user("Ann", "ann", PASSWORD)
    secret, token = store.create_long_lived(user, "mine")
    told: list[int] = []
    store.on_revoked(token.id, lambda: told.append(1))
    assert store.authenticate(secret) == user
    with Database.open_sync(tmp_path / "marge.db") as db:
        db.execute_sql("DELETE FROM tokens WHERE id = ?", (token.id,))
    store.keep_up()

    until(lambda: told, what="the listener is told")
    assert store.authenticate(secret) is None


def test_a_removed_users_tokens_are_gone(store: AuthStore) -> None:
    """Neither the tokens nor the password of somebody who was removed work."""
    store.create_user("Owner", "owner", PASSWORD, is_owner=True)
    user = store.create_user("Ann", "ann", PASSWORD)
    secret, _token = store.create_long_lived(user, "mine")

    assert store.remove_user("ANN ")
    assert store.authenticate(secret) is None
    with pytest.raises(LoginRefused):
        store.login("ann", PASSWORD, "10.0.0.1")
    with pytest.raises(InvalidRequest):
        store.remove_user("owner")


def test_a_short_lived_token_is_not_remembered_past_its_end(
    store: AuthStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cache of known tokens forgets one at the moment it expires."""
    user = store.create_user("Ann", "ann", PASSWORD)
    secret, token = store.create_long_lived(user, "mine", life_s=5.0)
    assert token.expires_at is not None
    assert store.authenticate(secret) == user
    monkeypatch.setattr(store._clock, "now", lambda: token.expires_at + 0.001)

    assert store.authenticate(secret) is None


def test_parallel_guesses_do_not_overtake_the_limiter(store: AuthStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fifty guesses at once verify about as many passwords as ten in a row would."""
    tried: list[str] = []

    def verify(_hash: str | None, password: str) -> bool:
        tried.append(password)
        gevent.sleep(0.001)
        return False

    monkeypatch.setattr(people_module, "verify_password", verify)

    def guess(number: int) -> bool:
        try:
            store.login("ann", f"guess {number}", "10.0.0.9")
        except LoginRefused as refused:
            return refused.is_banned
        raise AssertionError("let in")

    guesses = [gevent.spawn(guess, number) for number in range(50)]
    gevent.joinall(guesses, raise_error=True)

    assert len(tried) <= 10 + people_module.VERIFIED_AT_ONCE
    assert sum(bool(each.value) for each in guesses) >= 38


def test_codes_are_good_once_for_their_client(store: AuthStore) -> None:
    """Another client's attempt does not spoil the code; its own uses it up."""
    user = store.create_user("Ann", "ann", PASSWORD)
    code = store.create_code(user, "http://a/")

    assert store.take_code(code, "http://b/") is None
    assert store.take_code(code, "http://a/") == user
    assert store.take_code(code, "http://a/") is None


@pytest.mark.parametrize("name, password", [("", "x"), ("  ", "x"), ("ann", "")])
def test_empty_names_and_passwords_are_refused(store: AuthStore, name: str, password: str) -> None:
    """Nobody gets in with nothing."""
    with pytest.raises(InvalidRequest):
        store.create_user("Ann", name, password)


def test_groups_say_who_may_what(store: AuthStore) -> None:
    """Readers only look, users control, owners rule."""
    reader = store.create_user("R", "reader", PASSWORD, READ_ONLY)
    user = store.create_user("U", "user", PASSWORD, USER)
    owner = store.create_user("O", "owner", PASSWORD, is_owner=True)

    assert [(each.is_admin, each.may_control) for each in (reader, user, owner)] == [
        (False, False), (False, True), (True, True)
    ]


def test_everything_is_there_after_a_restart(store: AuthStore, database: Database) -> None:
    """Users, passwords and tokens are on the disk before the call returns."""
    user = store.create_user("Ann", "Ann ", PASSWORD)
    secret, _token = store.create_long_lived(user, "mine")
    again = AuthStore(database, KeyValue(database), WallClock())

    assert again.authenticate(secret) == user
    assert again.login("ann", PASSWORD, "10.0.0.1") == user


def test_what_is_known_of_a_user_is_there_after_a_restart(store: AuthStore, database: Database) -> None:
    """Groups, being local, the second factor with its last code, linked log-ins, a token's icon and end."""
    user = store.create_user("Ann", "ann", PASSWORD)
    user = store.update_user(user, groups=[ADMIN, READ_ONLY], local_only=True, name="Anna")
    nobody = store.add_user("Nobody")
    store.enable_totp(user, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", 7)
    store.link(user, "trusted_networks")
    store.link(user, "trusted_networks")
    secret, token = store.create_long_lived(user, "tv", 50.0, "mdi:tv")
    store.set_expiry(token, False)
    again = AuthStore(database, KeyValue(database), WallClock())

    assert again.user(user.id) == user and again.user(nobody.id) == nobody
    assert (user.groups, user.is_admin, nobody.groups) == ((ADMIN, READ_ONLY), True, ())
    assert again.has_totp(user) and not again.check_code(user, "000000 ")
    assert again.providers_of(user) == ["homeassistant", "trusted_networks"]
    found = again.token(token.id)
    assert found is not None and (found.client_icon, found.expires_at) == ("mdi:tv", None)
    assert again.authenticate(secret, "192.168.1.2") == user
    assert again.authenticate(secret, "203.0.113.2") is None
    assert again.username_of(user) == "ann" and again.usernames() == {"ann": user.id}


def test_what_has_expired_is_removed_and_told(store: AuthStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """The keeper's next look ends the connections it opened."""
    user = store.create_user("Ann", "ann", PASSWORD)
    _secret, token = store.create_long_lived(user, "short", life_s=5.0)
    told: list[int] = []
    store.on_revoked(token.id, lambda: told.append(1))
    store.keep_up()
    assert store.token(token.id) is not None and told == []
    now = store._clock.now()
    monkeypatch.setattr(store._clock, "now", lambda: now + 6.0)
    store.keep_up()

    assert store.token(token.id) is None and told == [1]


def test_a_password_that_nobody_could_type_is_refused_when_it_is_set(store: AuthStore) -> None:
    """It would fit nothing later."""
    user = store.create_user("Ann", "ann", PASSWORD)
    for attempt in (
        lambda: store.create_user("B", "b", "x" * 1025), lambda: store.change_password("ann", "x" * 1025),
        lambda: store.change_password("ann", ""), lambda: store.add_credentials(user, "other", "x" * 1025),
    ):
        with pytest.raises(InvalidRequest):
            attempt()
    assert store.login("ann", PASSWORD, "10.0.0.1") == user


def test_codes_are_not_guessed_from_many_addresses(store: AuthStore) -> None:
    """Ten wrong ones for a user lock that user's codes for a while, wherever they come from."""
    user = store.create_user("Ann", "ann", PASSWORD)
    secret = new_secret()
    store.enable_totp(user, secret, 0)
    for number in range(10):
        with pytest.raises(LoginRefused):
            store.check_second_factor(user, "wrong", f"10.0.0.{number}")

    with pytest.raises(LoginRefused) as refused:
        store.check_second_factor(user, pyotp.TOTP(secret).now(), "10.0.1.1")
    assert refused.value.is_banned
    assert store.check_password("ann", PASSWORD, "10.0.1.1") == user
