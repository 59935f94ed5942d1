"""Who may: users, passwords, tokens, log-in. Not here: HTTP."""

from marge.auth.errors import LoginRefused, SecondFactorNeeded
from marge.auth.guard import BANS_FILE, LoginGuard
from marge.auth.keeper import AuthKeeper
from marge.auth.models import ADMIN, READ_ONLY, USER, Token, User
from marge.auth.people import UserNameProblem
from marge.auth.store import AuthStore

__all__ = [
    "ADMIN", "BANS_FILE", "READ_ONLY", "USER", "AuthKeeper", "AuthStore", "LoginGuard", "LoginRefused",
    "SecondFactorNeeded", "Token", "User", "UserNameProblem",
]
