"""The second factor: time-based one-time passwords (RFC 6238), six digits, half a minute each."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from typing import Any

import pyotp

from marge.actors import native

MODULE = "totp"
MODULE_NAME = "Authenticator app"
STEP_S = 30
TOLERATED_STEPS = (0, -1, 1)
"""Clocks of phones are up to half a minute off."""
_ISSUER = "Marge"


def new_secret() -> str:
    """160 random bits in base 32."""
    return str(pyotp.random_base32())


def address(secret: str, name: str) -> str:
    """What an authenticator app reads: an `otpauth:` address."""
    return str(pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=_ISSUER))


def qr_code(text: str) -> str:
    """`text` as the SVG of a QR code; the calling greenlet waits for a native thread."""
    import segno  # 2 MB, for a picture that few homes ever draw; on the hub: a native thread must not import

    return native.run(_draw, segno.make, text)


def _draw(make: Callable[..., Any], text: str) -> str:
    return str(make(text, error="m").svg_inline(scale=4))


def matching_step(secret: str, code: str, now: float, used_step: int = 0) -> int | None:
    """The half minute whose code this is; None when it fits none that may still be used.

    Args:
        used_step: the last one that let somebody in: a code that was watched is worth nothing.
    """
    typed = code.replace(" ", "").encode("utf-8", "replace")
    totp = pyotp.TOTP(secret)
    current = max(1, int(now // STEP_S))
    found = None
    for offset in TOLERATED_STEPS:
        step = current + offset
        if hmac.compare_digest(totp.generate_otp(step).encode(), typed) and step > used_step:
            found = step
    return found
