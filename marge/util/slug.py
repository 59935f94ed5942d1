"""Slugs: names as lower-case identifiers, the way HA makes object ids from names."""

from __future__ import annotations

import re
import unicodedata

_NOT_WORD = re.compile(r"[^a-z0-9]+")
# Letters that Unicode does not decompose but that a reader expects to see in ASCII.
_SPECIAL = str.maketrans(
    {"ß": "ss", "æ": "ae", "Æ": "ae", "ø": "o", "Ø": "o", "œ": "oe", "Œ": "oe", "ł": "l", "Ł": "l", "đ": "d",
     "Đ": "d", "þ": "th", "Þ": "th", "ı": "i"}
)


def slugify(text: str | None, separator: str = "_") -> str:
    """`Bedroom Lamp (left)` becomes `bedroom_lamp_left`; nothing usable becomes `unknown`, empty stays empty."""
    if not text:
        return ""
    plain = unicodedata.normalize("NFKD", text.translate(_SPECIAL)).encode("ascii", "ignore").decode()
    slug = _NOT_WORD.sub(separator, plain.lower().replace("'", "")).strip(separator)
    return slug or "unknown"
