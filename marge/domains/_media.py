"""Things to play, as clients browse them: a tree whose branches are asked for one at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class BrowseMedia:
    """One place in the tree.

    Attributes:
        media_class: what it looks like (`directory`, `music`, `video`, `image`, `app`, …).
        content_type, content_id: how to ask for it, and how to play it.
        children: None: they were not asked for.
        not_shown: how many children are left out, as what they are is not playable here.
    """

    title: str
    media_class: str
    content_type: str
    content_id: str
    can_play: bool
    can_expand: bool
    thumbnail: str | None = None
    children: Sequence[BrowseMedia] | None = None
    children_class: str | None = None
    not_shown: int = 0

    def as_dict(self) -> dict[str, Any]:
        """With its children, theirs left out."""
        children = self.children or ()
        return {
            **self._own(),
            "children_media_class": self.children_class or _common_class(children),
            "not_shown": self.not_shown,
            "children": [child._own() for child in children],
        }

    def _own(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "media_class": self.media_class,
            "media_content_type": self.content_type,
            "media_content_id": self.content_id,
            "children_media_class": self.children_class,
            "can_play": self.can_play,
            "can_expand": self.can_expand,
            "thumbnail": self.thumbnail,
        }



def _common_class(children: Sequence[BrowseMedia]) -> str | None:
    """The class of the children where they have one in common, else `directory`."""
    classes = {child.media_class for child in children}
    if not classes:
        return None
    return classes.pop() if len(classes) == 1 else "directory"
