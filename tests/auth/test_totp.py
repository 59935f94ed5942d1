"""One-time passwords: RFC 6238's numbers, tolerated clocks, and each code once."""

from __future__ import annotations

import base64

import pytest

from marge.auth.totp import address, matching_step, new_secret, qr_code

SECRET = base64.b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    "now, code", [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")]
)
def test_the_codes_are_those_of_the_standard(now: int, code: str) -> None:
    """RFC 6238, appendix B, the last six digits."""
    assert matching_step(SECRET, code, now) == now // 30


def test_a_clock_may_be_half_a_minute_off_and_no_more() -> None:
    """The codes before and after the current one are taken, too."""
    assert matching_step(SECRET, "287082", 59 + 30) == 1
    assert matching_step(SECRET, "081804", 1111111109 - 30) == 1111111109 // 30
    assert matching_step(SECRET, "287082", 59 + 60) is None


def test_a_code_is_good_once() -> None:
    """Who watched it being typed in comes too late."""
    assert matching_step(SECRET, "287082", 59, used_step=1) is None


@pytest.mark.parametrize("code", ["", "28708", "2870820", "abcdef", "\N{ARABIC-INDIC DIGIT ONE}" * 6, "\ud800"])
def test_what_is_no_code_fits_nothing(code: str) -> None:
    """Whatever was typed."""
    assert matching_step(SECRET, code, 59) is None


def test_an_authenticator_app_can_read_the_picture() -> None:
    """An SVG of an `otpauth:` address with the secret in it."""
    secret = new_secret()
    text = address(secret, "ann")

    assert text.startswith("otpauth://totp/") and secret in text
    assert qr_code(text).startswith("<svg") and qr_code(text).endswith("</svg>")
