"""Images: pictures that change now and then. They have no services of their own but `reload`, which has nothing to read
yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from marge.domains._pictures import Picture, TokenEntity, rotate_tokens
from marge.entities import Domain
from marge.util.dt import iso

if TYPE_CHECKING:
    from marge.home import Home
    from marge.services.registry import ServiceCall


class ImageEntity(TokenEntity):
    """One that somebody owns. Owners override `picture()`.

    Attributes:
        updated_at: UTC epoch seconds of the present picture; the state.
    """

    domain = "image"
    updated_at: float | None = None

    def picture(self) -> Picture | None:
        """The picture; None: there is none. Called in the asker's greenlet, outside the actor: it may wait, and only
        reads what is replaced as a whole."""
        return None

    def state_value(self) -> str | None:
        return None if self.updated_at is None else iso(self.updated_at)

    def capability_attributes(self) -> dict[str, Any]:
        self.entity_picture = f"/api/image_proxy/{self.entity_id}?token={self.access_token}"
        return {}

    def state_attributes(self) -> dict[str, Any]:
        return {"access_token": self.access_token}


def _setup(home: Home, _section: Any) -> None:
    def reload(_call: ServiceCall) -> None:
        """No configuration defines images: there is nothing to do, and clients may ask."""

    home.services.register("image", "reload", reload, {}, description="Answers; no file defines images.")
    rotate_tokens(home, "image")


DOMAIN = Domain("image", entity=ImageEntity, setup=_setup)
