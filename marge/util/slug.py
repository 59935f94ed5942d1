"""Slugs: names as lower-case identifiers, the way HA makes object ids from names."""

from __future__ import annotations

import re
import unicodedata

_NOT_WORD = re.compile(r"[^a-z0-9]+")
_MARKS = re.compile("[\u0300-\u036f]")
# Letters that Unicode does not decompose, of languages whose names otherwise need no table.
_SPECIAL = str.maketrans(
    {"ß": "ss", "æ": "ae", "Æ": "ae", "ø": "o", "Ø": "o", "œ": "oe", "Œ": "oe", "ł": "l", "Ł": "l", "đ": "d",
     "Đ": "d", "þ": "th", "Þ": "th", "ı": "i"}
)  # fmt: skip
_FOR_THE_LIBRARY = re.compile(r"[^\x00-\x7f]|['&,]")


def slugify(text: str | None, separator: str = "_") -> str:
    """`Bedroom Lamp (left)` becomes `bedroom_lamp_left`, `Кухня` `kukhnia`; nothing usable becomes `unknown`.

    Empty stays empty.
    """
    if not text:
        return ""
    plain = text if text.isascii() else _MARKS.sub("", unicodedata.normalize("NFKD", text.translate(_SPECIAL)))
    if _FOR_THE_LIBRARY.search(plain):
        import slugify as library  # its table of all scripts takes 5 MB

        slug = library.slugify(text, separator=separator)
    else:
        slug = _NOT_WORD.sub("-", plain.lower()).strip("-").replace("-", separator)
    return slug or "unknown"
