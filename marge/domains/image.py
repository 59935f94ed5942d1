"""Images. They have no services of their own but `reload`, which has nothing to read yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from marge.entities import Domain

if TYPE_CHECKING:
    from marge.home import Home
    from marge.services.registry import ServiceCall


def _setup(home: Home, _section: Any) -> None:
    def reload(_call: ServiceCall) -> None:
        """No configuration defines images: there is nothing to do, and clients may ask."""

    home.services.register("image", "reload", reload, {}, description="Answers; no file defines images.")


DOMAIN = Domain("image", setup=_setup)
