"""Who may: users, passwords, tokens, log-in. Not here: HTTP."""

from marge.auth.keeper import AuthKeeper
from marge.auth.models import ADMIN, READ_ONLY, USER, Token, User
from marge.auth.store import AuthStore, LoginRefused

__all__ = ["ADMIN", "READ_ONLY", "USER", "AuthKeeper", "AuthStore", "LoginRefused", "Token", "User"]
