"""Why somebody is not let in."""

from __future__ import annotations

from marge.errors import MargeError


class LoginRefused(MargeError):
    """Wrong user name or password, or too many attempts (`is_banned`; `retry_after_s`: how long they are refused)."""

    def __init__(self, is_banned: bool = False, why: str | None = None, retry_after_s: float | None = None) -> None:
        super().__init__(why or ("too many failed log-ins" if is_banned else "invalid user name or password"))
        self.is_banned = is_banned
        self.retry_after_s = retry_after_s


class SecondFactorNeeded(MargeError):
    """The password is right; a code of the second factor is missing."""

    def __init__(self) -> None:
        super().__init__("a code of the second factor is needed")
