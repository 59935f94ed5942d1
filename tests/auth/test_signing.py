"""Signed paths: what they hold for, and when they end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from marge.actors import SimulatedClock
from marge.auth import AuthStore, User
from marge.auth.models import Token
from marge.auth.signing import sign_path, user_of_signature
from marge.errors import InvalidRequest
from marge.storage import Database, KeyValue

HERE = "192.168.1.7"


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock()


@pytest.fixture
def store(tmp_path: Path, clock: SimulatedClock) -> Iterator[AuthStore]:
    database = Database(tmp_path / "marge.db")
    yield AuthStore(database, KeyValue(database), clock)
    database.close()


@pytest.fixture
def ann(store: AuthStore) -> tuple[User, Token]:
    user = store.create_user("Ann", "ann", "a good password")
    return user, store.create_refresh_token(user, "http://x/")[1]


def user_of(store: AuthStore, signed: str, remote: str = HERE) -> User | None:
    path, _, query = signed.partition("?")
    return user_of_signature(store, path, query, remote)


def test_a_signature_is_the_signers_for_its_path_and_query(store: AuthStore, ann: tuple[User, Token]) -> None:
    """Width and height may be added, nothing else may be."""
    user, token = ann
    signed = sign_path(store, "/api/camera_proxy/camera.door?a=1&a=2", 30, token.id)

    assert signed.startswith("/api/camera_proxy/camera.door?a=1&a=2&authSig=")
    assert user_of(store, signed) == user
    assert user_of(store, signed + "&width=10&height=20") == user
    for wrong in (
        signed.replace("door", "bath"), signed.replace("a=1", "a=3"), signed + "&b=1", signed.replace("a=2&", ""),
        signed + "&authSig=x", signed[:-3] + "abc", "/api/states", "/api/states?authSig=", "/api/states?authSig=a.b.c",
    ):
        assert user_of(store, wrong) is None, wrong


def test_a_percent_encoded_path_is_signed_as_what_it_means(store: AuthStore, ann: tuple[User, Token]) -> None:
    """The server sees paths decoded."""
    signed = sign_path(store, "/media/local/a%20b%2Bc.mp3", 30, ann[1].id)

    assert signed.startswith("/media/local/a%20b%2Bc.mp3?authSig=")
    assert user_of_signature(store, "/media/local/a b+c.mp3", signed.partition("?")[2], HERE) == ann[0]


def test_a_signature_ends_with_its_time_its_token_and_its_user(
    store: AuthStore, ann: tuple[User, Token], clock: SimulatedClock
) -> None:
    """Whatever comes first."""
    user, token = ann
    short, first = (sign_path(store, "/api/x", 30, token.id) for _ in range(2))
    other = store.create_refresh_token(user, "http://x/")[1]
    second = sign_path(store, "/api/x", 300, other.id)
    clock.advance(31)
    assert user_of(store, short) is None
    store.revoke(token.id)
    assert user_of(store, first) is None
    assert user_of(store, second) == user
    store.update_user(user, is_active=False)

    assert user_of(store, second) is None


def test_an_access_token_is_no_signature_and_a_signature_no_access_token(
    store: AuthStore, ann: tuple[User, Token]
) -> None:
    """They are signed with different keys."""
    access = store.access_token(ann[1])
    signature = sign_path(store, "/api/", 30, ann[1].id).partition("authSig=")[2]

    assert user_of_signature(store, "/api/", f"authSig={access}", HERE) is None
    assert store.authenticate(signature, HERE) is None


@pytest.mark.parametrize(
    "path",
    ["", "api/x", "//evil.example/x", "http://evil.example/", "/api/../auth", "/api/%2e%2e/auth", "/a/./b", "/a\\b",
     "/a#b", "/a\r\nb", "/api/x?authSig=1", "/" + "x" * 9000],
)
def test_what_is_no_path_of_this_server_is_not_signed(store: AuthStore, path: str) -> None:
    """Nor what means another path than it seems to."""
    with pytest.raises(InvalidRequest):
        sign_path(store, path)


def test_nobody_signs_without_a_token_unless_the_home_has_a_fixed_one(store: AuthStore, tmp_path: Path) -> None:
    """A signature made with a fixed token ends when that is changed."""
    assert user_of(store, sign_path(store, "/api/x")) is None
    database = Database(tmp_path / "other.db")
    try:
        fixed, other = (AuthStore(database, KeyValue(database), SimulatedClock(), each) for each in ("one", "two"))
        signed = sign_path(fixed, "/api/x", 30)

        assert user_of(fixed, signed) is not None
        assert user_of(other, signed) is None
    finally:
        database.close()


def test_pictures_for_everybody_are_signed_in_the_name_of_a_reader(store: AuthStore) -> None:
    """A user of the home's own, made once."""
    token = store.content_token()
    user = user_of(store, sign_path(store, "/api/image/1", 30, token.id))

    assert user is not None and user.is_system and not user.may_control
    assert store.content_token() == token


def test_who_may_come_from_the_homes_network_only_signs_for_it_only(store: AuthStore, ann: tuple[User, Token]) -> None:
    """A link that leaves the house is worth nothing there."""
    store.update_user(ann[0], local_only=True)
    signed = sign_path(store, "/api/x", 30, ann[1].id)

    assert user_of(store, signed) is not None
    assert user_of(store, signed, "203.0.113.9") is None
