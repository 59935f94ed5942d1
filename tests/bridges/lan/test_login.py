"""Logging in at a device: the RFC's examples, and answers that must not be tried again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marge.bridges.lan.login import PasswordLogin

CNONCE = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"
NONCE = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"
ASKED = (
    f'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm={{}}, nonce="{NONCE}",'
    ' opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
)


@pytest.mark.parametrize(
    ("algorithm", "response"),
    [
        ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
    ],
)
def test_the_rfcs_examples(algorithm: str, response: str) -> None:
    """RFC 7616, 3.9.1."""
    login = PasswordLogin("Mufasa", "Circle of Life", lambda: CNONCE)

    assert login.header("GET", "/dir/index.html") is None
    assert login.challenged(ASKED.format(algorithm))
    header = login.header("GET", "/dir/index.html") or ""
    assert f'response="{response}"' in header
    assert "nc=00000001" in header and "qop=auth," in header and 'opaque="FQhe' in header
    assert "nc=00000002" in (login.header("GET", "/dir/index.html") or "")


def test_basic_is_tried_once() -> None:
    """A wrong password stays wrong."""
    login = PasswordLogin("admin", "secret")
    login.may_be_basic = True

    assert login.challenged('Basic realm="shelly"')
    assert login.header("GET", "/") == "Basic YWRtaW46c2VjcmV0"
    assert not login.challenged('Basic realm="shelly"')


def test_a_password_is_not_given_to_whoever_asks() -> None:
    """Only kinds of devices that know no better get it as it is."""
    login = PasswordLogin("admin", "secret")

    assert not login.challenged('Basic realm="stranger"')
    assert login.header("GET", "/") is None


def test_a_new_nonce_is_worth_another_try_and_the_same_one_is_not() -> None:
    """Devices let their nonces grow old."""
    login = PasswordLogin("admin", "secret")

    assert login.challenged('Digest realm="a", qop="auth", nonce="1", algorithm=SHA-256')
    assert not login.challenged('Digest realm="a", qop="auth", nonce="1", algorithm=SHA-256')
    assert login.challenged('Digest realm="a", qop="auth", nonce="2", algorithm=SHA-256')


@pytest.mark.parametrize(
    "challenge",
    ["", "Bearer x", "Digest", 'Digest realm="a"', 'Digest realm="a", nonce="1", algorithm=SHA-1',
     'Digest realm="a", nonce="1", qop="auth-int"'],
)  # fmt: skip
def test_what_cannot_be_answered_is_not_tried(challenge: str) -> None:
    """No password leaves in another way than asked."""
    login = PasswordLogin("admin", "secret")

    assert not login.challenged(challenge)
    assert login.header("GET", "/") is None


@given(st.text(max_size=300))
def test_any_challenge_gives_a_header_of_one_line_or_none(challenge: str) -> None:
    """A device cannot make us send other headers."""
    for kind in ("Digest ", "Basic ", ""):
        login = PasswordLogin("admin", "secret")
        login.may_be_basic = True
        login.challenged(kind + challenge)
        assert not set("\r\n\0") & set(login.header("GET", "/") or "")
