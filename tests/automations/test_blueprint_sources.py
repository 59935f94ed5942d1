"""Addresses of blueprints on the web, and what is found there."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marge.automations.blueprint_sources import FILE, GIST, TOPIC, Source, blueprint_in, source_of
from marge.automations.blueprints import BlueprintError, file_of
from marge.config import YamlError

TEXT = "blueprint:\n  name: Mine\n  domain: script\nsequence:\n- event: 'a<b'\n"
RAW = "https://raw.githubusercontent.com"
FORUM = "https://community.home-assistant.io"


@pytest.mark.parametrize(
    ("url", "source"),
    [
        ("https://github.com/me/house/blob/main/a/light.yaml", Source(FILE, f"{RAW}/me/house/main/a/light.yaml", "me")),
        ("https://github.com/me/house/raw/main/light.yaml", Source(FILE, f"{RAW}/me/house/main/light.yaml", "me")),
        (f"{RAW}/me/house/main/light.yaml", Source(FILE, f"{RAW}/me/house/main/light.yaml", "me")),
        ("https://gist.github.com/me/0123abcd", Source(GIST, "https://api.github.com/gists/0123abcd")),
        ("https://gist.github.com/0123abcd#file-x-yaml", Source(GIST, "https://api.github.com/gists/0123abcd")),
        (f"{FORUM}/t/a-light/12345", Source(TOPIC, f"{FORUM}/t/12345.json")),
        (f"{FORUM}/t/a-light/12345/", Source(TOPIC, f"{FORUM}/t/12345.json")),
        (f"{FORUM}/t/a-light/12345/7?u=x", Source(TOPIC, f"{FORUM}/t/12345/7.json", post=7)),
        ("https://www.home-assistant.io/blueprints/x.yaml",
         Source(FILE, "https://www.home-assistant.io/blueprints/x.yaml", "homeassistant")),
        ("http://nas.local:3000/me/x.yaml", Source(FILE, "http://nas.local:3000/me/x.yaml", "nas.local")),
        ("https://github.com.evil.org/me/house/blob/main/x.yaml",
         Source(FILE, "https://github.com.evil.org/me/house/blob/main/x.yaml", "github.com.evil.org")),
    ],
)  # fmt: skip
def test_pages_stand_for_files(url, source):
    """Each page of a known site is what people copy from their browser; other addresses are fetched as they are."""
    assert source_of(url) == source


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://x/y", "https://", "x.yaml", "javascript:x"])
def test_other_schemes_are_refused(url):
    """Only the web."""
    with pytest.raises(ValueError, match="http"):
        source_of(url)


def test_a_file_is_named_by_its_author_and_name():
    """And by the host where there is no author."""
    url = "https://github.com/me/house/blob/main/my%20light.yaml"
    found = blueprint_in(source_of(url), url, TEXT)
    assert (found.suggested, found.blueprint.domain) == ("me/my_20light", "script")

    url = "http://nas.local/x.yml"
    assert blueprint_in(source_of(url), url, TEXT).suggested == "nas.local/x"


def test_a_gist_has_its_first_blueprint():
    """Other files of it are passed over."""
    gist = {
        "owner": {"login": "me"},
        "files": {"read.md": {"content": TEXT}, "no.yaml": {"content": "a: 1"}, "x.yaml": {"content": TEXT}},
    }
    found = blueprint_in(Source(GIST, ""), "", gist)

    assert (found.suggested, found.blueprint.text) == ("me/x", TEXT)
    with pytest.raises(BlueprintError, match="No valid blueprint found in the gist"):
        blueprint_in(Source(GIST, ""), "", {"files": {"x.md": {"content": TEXT}}})


def post(number, code, language="lang-yaml"):
    shown = code.replace("&", "&amp;").replace("<", "&lt;")
    return {
        "post_number": number, "username": f"user{number}",
        "cooked": f'<p>Hi <code>blueprint: 1</code></p><pre><code class="{language}">{shown}</code></pre>',
    }


def test_a_topic_has_the_blueprint_of_its_first_post():
    """Or that of the post whose address was given; blocks in other languages do not count."""
    first_post = post(1, TEXT, "lang-auto")
    posts = [first_post | {"cooked": post(1, "a: 1")["cooked"] + first_post["cooked"]}, post(7, TEXT)]
    topic = {"slug": "a-light", "post_stream": {"posts": posts}}

    first = blueprint_in(Source(TOPIC, ""), "", topic)
    seventh = blueprint_in(Source(TOPIC, "", post=7), "", topic)

    assert (first.suggested, first.blueprint.text) == ("user1/a-light", TEXT)
    assert seventh.suggested == "user7/a-light"
    topic["post_stream"] = {"posts": [post(1, TEXT, "lang-python")]}
    with pytest.raises(BlueprintError, match="No valid blueprint found in the topic"):
        blueprint_in(Source(TOPIC, ""), "", topic)


JSON = st.recursive(
    st.none() | st.integers() | st.text(max_size=20) | st.just(TEXT),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["files", "owner", "login", "content", "post_stream", "posts", "cooked", "slug", "x.yaml"]),
        inner,
    ),
    max_leaves=12,
)


@given(JSON, st.sampled_from([GIST, TOPIC]))
def test_whatever_a_site_says_is_a_blueprint_or_an_error(fetched, kind):
    """And a suggested name leads nowhere else."""
    try:
        found = blueprint_in(Source(kind, ""), "", fetched)
    except (BlueprintError, YamlError):
        return
    file_of(Path("/nowhere"), "script", f"{found.suggested}.yaml")


@given(st.text(max_size=40))
def test_suggested_names_stay_in_the_folder(name):
    """Whatever the address is."""
    url = f"https://example.org/{name}"
    try:
        source = source_of(url)
    except ValueError:
        return
    found = blueprint_in(source, url, TEXT)
    file_of(Path("/nowhere"), "script", f"{found.suggested}.yaml")
