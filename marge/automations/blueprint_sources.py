"""Where a blueprint on the web is really found: pages of GitHub, gists and the community forum stand for a file.

Pure: addresses and what was fetched go in, texts come out. Not here: the network.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import PurePosixPath
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from marge.automations.blueprints import Blueprint, BlueprintError, parse_blueprint
from marge.config import YamlError, parse_yaml

FILE, GIST, TOPIC = "file", "gist", "topic"

_TOPIC = re.compile(r"/t/[^/]+/(?P<topic>\d+)(?:/(?P<post>\d+))?/?")
_GIST = re.compile(r"/(?:[^/]+/)?(?P<gist>[0-9a-f]+)/?")
_BLOB = re.compile(r"/(?P<repository>[^/]+/[^/]+)/(?:blob|raw)/(?P<path>.+)")
_LANGUAGES = frozenset(("lang-yaml", "lang-yml", "lang-auto"))
"""How the forum marks a block of YAML, or one whose language nobody named."""


class Source(NamedTuple):
    """Where to fetch a blueprint.

    Attributes:
        kind: what comes from there: `file`, `gist` (GitHub's description of one) or `topic` (the forum's of one).
        url: what to fetch.
        folder: the folder that is suggested for it; not known beforehand for gists and topics.
        post: of a topic, the number of the post that was asked for.
    """

    kind: str
    url: str
    folder: str = ""
    post: int | None = None


class Found(NamedTuple):
    """A blueprint from the web: its path without `.yaml`, and what it is."""

    suggested: str
    blueprint: Blueprint


def source_of(url: str) -> Source:
    """Where the blueprint of this address is fetched.

    Raises:
        ValueError: it is no http or https address.
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    if parts.scheme not in ("http", "https") or not host:
        raise ValueError("only http and https addresses can be fetched")
    if host == "community.home-assistant.io" and (topic := _TOPIC.fullmatch(parts.path)):
        post = topic["post"]
        path = f"/t/{topic['topic']}/{post}.json" if post else f"/t/{topic['topic']}.json"
        return Source(TOPIC, f"https://{host}{path}", post=int(post) if post else None)
    if host == "gist.github.com" and (gist := _GIST.fullmatch(parts.path)):
        return Source(GIST, f"https://api.github.com/gists/{gist['gist']}")
    if host == "github.com" and (blob := _BLOB.fullmatch(parts.path)):
        owner, _, _ = blob["repository"].partition("/")
        return Source(FILE, f"https://raw.githubusercontent.com/{blob['repository']}/{blob['path']}", owner)
    if host == "raw.githubusercontent.com":
        return Source(FILE, url, PurePosixPath(parts.path).parts[1] if parts.path.strip("/") else host)
    if host in ("www.home-assistant.io", "home-assistant.io"):
        return Source(FILE, url, "homeassistant")
    return Source(FILE, url, host.replace(":", "_"))  # an IPv6 address in a file's name


def blueprint_in(source: Source, url: str, fetched: Any) -> Found:
    """The blueprint in what was fetched.

    Args:
        fetched: the text of a file, else the parsed JSON.

    Raises:
        BlueprintError, YamlError: there is none.
    """
    if source.kind == GIST:
        return _in_gist(fetched)
    if source.kind == TOPIC:
        return _in_topic(fetched, source.post)
    stem = _stem(PurePosixPath(urlsplit(url).path).name)
    return Found(f"{_word(source.folder)}/{stem}", parse_blueprint(str(fetched)))


def _in_gist(gist: Any) -> Found:
    files = gist.get("files") if isinstance(gist, Mapping) else None
    for name, file in files.items() if isinstance(files, Mapping) else ():
        text = file.get("content") if isinstance(file, Mapping) else None
        if not str(name).endswith((".yaml", ".yml")) or not isinstance(text, str) or not _is_blueprint(text):
            continue
        owner = gist.get("owner")
        author = owner.get("login") if isinstance(owner, Mapping) else None
        return Found(f"{_word(author or 'gist')}/{_stem(str(name))}", parse_blueprint(text))
    raise BlueprintError("No valid blueprint found in the gist. The blueprint file needs to end with '.yaml'")


def _in_topic(topic: Any, number: int | None) -> Found:
    stream = topic.get("post_stream") if isinstance(topic, Mapping) else None
    posts = stream.get("posts") if isinstance(stream, Mapping) else None
    found = [each for each in posts if isinstance(each, Mapping)] if isinstance(posts, list) else []
    wanted = [each for each in found if each.get("post_number") == number] or found[:1]
    for post in wanted:
        for text in code_blocks(str(post.get("cooked") or "")):
            if _is_blueprint(text):
                suggested = f"{_word(post.get('username') or 'community')}/{_word(topic.get('slug') or 'blueprint')}"
                return Found(suggested, parse_blueprint(text))
    raise BlueprintError(
        "No valid blueprint found in the topic. Blueprint syntax blocks need to be marked as YAML or no syntax."
    )


def _is_blueprint(text: str) -> bool:
    """Whether this piece of YAML says that it is one; what is wrong inside is another matter."""
    try:
        data, _problems = parse_yaml(text, "blueprint")
    except YamlError:
        return False
    return isinstance(data, Mapping) and "blueprint" in data


def _word(name: Any) -> str:
    """A name as one safe part of a path."""
    return re.sub(r"[^\w.@-]+", "_", str(name)).strip(".")[:80] or "imported"


def _stem(name: str) -> str:
    return _word(re.sub(r"\.ya?ml$", "", name)) if name else "blueprint"


class _Code(HTMLParser):
    """Collects the texts of code blocks."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[str] = []
        self._open: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "code":
            classes = (dict(attrs).get("class") or "").split()
            self._open = [] if not _LANGUAGES.isdisjoint(classes) else None

    def handle_endtag(self, tag: str) -> None:
        if tag == "code" and self._open is not None:
            self.blocks.append("".join(self._open))
            self._open = None

    def handle_data(self, data: str) -> None:
        if self._open is not None:
            self._open.append(data)


def code_blocks(html: str) -> Iterator[str]:
    """The blocks of a forum's post that may be YAML."""
    parser = _Code()
    parser.feed(html)
    yield from parser.blocks
