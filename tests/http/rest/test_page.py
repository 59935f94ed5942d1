"""The first page: served with headers that keep it safe and fresh."""

from __future__ import annotations

import base64
import hashlib
import re

from tests.support.home import HomeServer


def test_the_page_needs_no_log_in_and_loads_nothing_from_elsewhere(server: HomeServer) -> None:
    """A browser that has never been here gets one file, without addresses of other hosts."""
    reply = server.rest("GET", "/", token=None)

    assert reply.status_code == 200
    assert reply.headers["Content-Type"] == "text/html; charset=utf-8"
    assert reply.headers["Cache-Control"] == "no-cache"
    assert not re.findall(r'(?:src|href)="(?!data:)', reply.text)
    assert set(re.findall(r"https?://[\w.]+", reply.text)) <= {"http://www.w3.org"}  # a name space, nothing to load


def test_the_policy_allows_exactly_the_pages_own_script_and_style(server: HomeServer) -> None:
    """Script that somebody smuggles in does not run: only what has the hashes in the header does."""
    reply = server.rest("GET", "/", token=None)
    policy = reply.headers["Content-Security-Policy"]
    parts = re.findall(r"<(script|style)>(.*?)</\1>", reply.text, re.DOTALL)

    assert [kind for kind, _ in parts] == ["style", "script"]
    for kind, text in parts:
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r'<[^>]+\s(?:style|on\w+)="', reply.text.split("<script>")[0])


def test_a_browser_that_has_the_page_is_told_so(server: HomeServer) -> None:
    """The second visit costs a 304."""
    tag = server.rest("GET", "/", token=None).headers["ETag"]
    reply = server.rest("GET", "/", token=None, headers={"If-None-Match": tag})

    assert (reply.status_code, reply.content) == (304, b"")
    assert server.rest("GET", "/", token=None, headers={"If-None-Match": '"other"'}).status_code == 200


def test_head_has_the_headers_and_no_body(server: HomeServer) -> None:
    """HEAD answers as GET does, with its length and without its body."""
    plain = {"Accept-Encoding": "identity"}
    whole = server.rest("GET", "/", token=None, headers=plain)
    head = server.rest("HEAD", "/", token=None, headers=plain)

    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["ETag"] == whole.headers["ETag"]
    assert head.headers["Content-Length"] == whole.headers.get("Content-Length", str(len(whole.content)))
