"""Failed log-ins: counted by address, a ban after too many, forgotten in time."""

from __future__ import annotations

from marge.auth.limiter import ADDRESSES_KEPT, BAN_S, FAILURES, WITHIN_S, LoginLimiter


def test_the_tenth_failure_bans_and_the_ban_ends() -> None:
    """Ten failures within five minutes cost a quarter of an hour."""
    limiter = LoginLimiter()
    banned = [limiter.failed("10.0.0.1", float(second)) for second in range(FAILURES)]

    assert banned == [False] * (FAILURES - 1) + [True]
    assert limiter.is_banned("10.0.0.1", FAILURES + 1.0)
    assert not limiter.is_banned("10.0.0.2", FAILURES + 1.0)
    assert not limiter.is_banned("10.0.0.1", FAILURES - 1 + BAN_S)


def test_slow_failures_are_a_forgetful_person() -> None:
    """Failures that lie further apart than the window never ban."""
    limiter = LoginLimiter()

    assert not any(limiter.failed("10.0.0.1", number * (WITHIN_S / 5)) for number in range(100))


def test_success_forgets_the_failures() -> None:
    """Who gets in at last starts anew."""
    limiter = LoginLimiter()
    for second in range(FAILURES - 1):
        limiter.failed("10.0.0.1", float(second))
    limiter.succeeded("10.0.0.1")

    assert not limiter.failed("10.0.0.1", 20.0)


def test_many_addresses_do_not_grow_the_memory() -> None:
    """An attacker with many addresses pushes out the oldest, no more."""
    limiter = LoginLimiter()
    for number in range(ADDRESSES_KEPT * 2):
        limiter.failed(f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}", 0.0)

    assert len(limiter._failures) == ADDRESSES_KEPT
