"""Finds the files that come with Marge but are not code: the demo home and the files of a new home.

In a checkout (also an editable installation) they lie in `etc/`; a wheel puts them below `share/marge/`.
"""

from __future__ import annotations

import sysconfig
from pathlib import Path

import marge
from marge.errors import NotFound


def packaged_dir(name: str) -> Path:
    """The directory `name` of the packaged data, such as `"demo-home"`.

    Raises:
        NotFound: the installation lacks it.
    """
    package = Path(marge.__file__).resolve().parent
    places = [package.parent / "etc" / name, Path(sysconfig.get_path("data")) / "share" / "marge" / name]
    # `pip install --target` or `--user` keep the data beside the package
    places += [parent / "share" / "marge" / name for parent in package.parents[:4]]
    for place in places:
        if place.is_dir():
            return place
    raise NotFound(f"the packaged directory `{name}` is missing; looked in {', '.join(map(str, places[:2]))}")
