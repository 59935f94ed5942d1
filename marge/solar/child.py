"""The child process: `python -m marge.solar.child EPOCH LATITUDE LONGITUDE ELEVATION` prints the document of one table.

A process of its own, because numpy and skyfield take 20 MB and hold a processor for tenths of a second, and the server
needs them once a year.
"""

from __future__ import annotations

import json
import sys

from marge.solar.ephemeris import make
from marge.solar.table import Place


def main(words: list[str]) -> None:
    """Print the table's document as one JSON text."""
    at, *place = (float(word) for word in words)
    json.dump(make(at, Place(*place)), sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1:])
