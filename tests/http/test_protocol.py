"""HTTP/1.1 parsing without sockets: `marge.http.protocol`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marge.http.limits import Limits
from marge.http.protocol import Phase, RequestParser, split_target

GET = b"GET /api/states/sun.sun?a=1 HTTP/1.1\r\nHost: x\r\nX-Two: 1\r\nx-two: 2\r\n\r\n"
POST = b"POST /p HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello"
CHUNKED = b"POST /p HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\nEvil: 1\r\n\r\n"
SMALL = Limits(max_url=100, max_head=500, max_headers=10, max_body=1_000)


def parse(data: bytes, limits: Limits = SMALL) -> RequestParser:
    parser = RequestParser(limits, "10.0.0.1")
    parser.feed(data)
    return parser


def test_request_has_method_path_query_headers_and_remote():
    message = parse(GET).messages[0]
    request = message.request
    assert (request.method, request.path) == ("GET", "/api/states/sun.sun")
    assert (request.query, request.remote) == ({"a": "1"}, "10.0.0.1")
    assert request.headers["X-TWO"] == "1, 2" and "HOST" in request.headers
    assert message.keep_alive and not message.upgrade


def test_chunked_body_is_joined_and_trailers_change_no_header():
    request = parse(CHUNKED).messages[0].request
    assert request.body == b"hello"
    assert "evil" not in request.headers


@given(st.lists(st.sampled_from([GET, POST, CHUNKED]), min_size=1, max_size=5), st.data())
def test_pipelined_requests_are_the_same_however_they_are_cut(requests, data):
    """Where the stream is cut into reads changes nothing."""
    stream = b"".join(requests)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    parser = RequestParser(SMALL)
    for begin, end in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        parser.feed(stream[begin:end])
    assert parser.error is None
    assert [item.request.method for item in parser.messages] == [item.split()[0].decode() for item in requests]
    assert [item.request.body for item in parser.messages] == [b"" if item is GET else b"hello" for item in requests]
    assert parser.phase is Phase.IDLE and parser.begun == len(requests)


@given(st.lists(st.binary(max_size=300), max_size=4), st.sampled_from([b"", GET[:-2], POST[:-3], CHUNKED[:60]]))
def test_no_bytes_make_the_parser_raise(pieces, before):
    parser = RequestParser(SMALL)
    for piece in (before, *pieces):
        if parser.error is None:
            parser.feed(piece)
    if parser.error is not None:
        assert 400 <= parser.error.status < 500


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nbad header\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nA: b\x00c\r\n\r\n", 400),
        (b"GET /" + b"x" * 200 + b" HTTP/1.1\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\nA: " + b"x" * 600 + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 11 + b"\r\n", 431),
        (b"POST / HTTP/1.1\r\nContent-Length: 1001\r\n\r\n", 413),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n" + b"x" * 1001, 413),
        (b"POST / HTTP/1.1\r\nExpect: a miracle\r\nContent-Length: 1\r\n\r\n", 417),
        (b"POST / HTTP/1.1\r\nConnection: upgrade\r\nUpgrade: websocket\r\nContent-Length: 1\r\n\r\nx", 400),
    ],
)
def test_what_cannot_be_served_has_a_status(data, status):
    parser = parse(data)
    assert parser.error is not None and parser.error.status == status
    assert not parser.messages


def test_requests_before_a_broken_one_are_kept():
    parser = parse(GET + b"nonsense\r\n\r\n")
    assert len(parser.messages) == 1 and parser.error is not None


@pytest.mark.parametrize("start", [b"GET / HTTP/1.1\r\nA: ", b"GET / HTTP/1.1\r\n", b"GET /"])
def test_a_head_that_never_ends_is_cut_off(start):
    parser = parse(start)
    for _ in range(100):
        if parser.error is not None:
            break
        parser.feed(b"x" * 50)
    assert parser.error is not None and parser.error.status in (414, 431)


def test_expect_continue_is_reported_until_the_body_comes():
    head = b"POST / HTTP/1.1\r\nExpect: 100-Continue\r\nContent-Length: 5\r\n\r\n"
    parser = parse(head)
    assert parser.expects_continue and parser.phase is Phase.BODY
    parser.feed(b"he")
    assert not parser.expects_continue
    parser.feed(b"llo")
    assert parser.messages[0].request.body == b"hello"
    assert not parse(head + b"hello").expects_continue


def test_upgrade_keeps_what_follows():
    head = b"GET /api/websocket HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
    parser = parse(head + b"\x81\x80more")
    assert parser.messages[0].upgrade and parser.rest == b"\x81\x80more"


@pytest.mark.parametrize(
    ("data", "keeps"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", True),
        (b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n", False),
        (b"GET / HTTP/1.0\r\n\r\n", False),
        (b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", True),
    ],
)
def test_keep_alive_follows_version_and_header(data, keeps):
    assert parse(data).messages[0].keep_alive is keeps


@pytest.mark.parametrize(
    ("target", "path", "query"),
    [
        (b"/a%2Eb", "/a.b", ""),
        (b"/a%20b/%C3%BC?q=%20", "/a b/ü", "q=%20"),
        (b"http://host:1/a?b", "/a", "b"),
        (b"http://host", "/", ""),
        (b"*", "*", ""),
        (b"/%ff", "/\ufffd", ""),
        (b"//x", "//x", ""),
    ],
)
def test_target_is_split_and_decoded(target, path, query):
    assert split_target(target) == (path, query)


@given(st.binary(max_size=100))
def test_any_target_splits(target):
    path, query = split_target(target)
    path.encode(), query.encode()


LINES = st.sampled_from([b"GET /a HTTP/1.1", b"POST /a/b?c=%20 HTTP/1.1", b"GET /" + b"x" * 120 + b" HTTP/1.1",
                         b"GET /a HTTP/1.0", b"GET  /a HTTP/1.1", b"GET /a\xff HTTP/1.1", b"BREW /a HTTP/1.1",
                         b"GET http://h/a HTTP/1.1"])  # fmt: skip
HEADERS = st.sampled_from([b"Host: x", b"Host: y\r\nX: 1\r\nx: 2", b"Connection: close", b"Connection: keep-alive",
                           b"Transfer-Encoding: chunked", b"Expect: 100-continue", b"bad header",
                           b"Connection: upgrade\r\nUpgrade: websocket"])  # fmt: skip
BODIES = st.sampled_from([b"", b"hello", b"GET /evil HTTP/1.1\r\nHost: x\r\n\r\n"])
ANY_LENGTH = st.sampled_from([b"", b"Content-Length: 5", b"Content-Length: 05", b"Content-Length: 38"])


@given(st.lists(st.tuples(LINES, HEADERS, ANY_LENGTH, BODIES), min_size=1, max_size=6))
def test_heads_that_come_again_are_read_as_the_first_time(requests):
    """A connection that has seen it all and llhttp alone agree about each read."""
    known, plain = RequestParser(SMALL), RequestParser(SMALL)
    plain._feed_known = lambda data: False  # type: ignore[method-assign]
    for line, headers, length, body in requests * 2:
        data = b"\r\n".join(each for each in (line, headers, length) if each) + b"\r\n\r\n" + body
        known.feed(data)
        plain.feed(data)
        assert facts(known) == facts(plain)
        if known.error is not None or known.messages and not known.messages[-1].keep_alive:
            return


def facts(parser: RequestParser):
    found = [
        (each.request.method, each.request.path, each.request.query_string, dict(each.request.headers),
         each.request.body, each.keep_alive, each.http10, each.upgrade)
        for each in parser.messages
    ]  # fmt: skip
    return found, parser.phase, parser.begun, parser.expects_continue, parser.error and parser.error.status


def test_a_head_that_came_before_is_not_read_by_llhttp_again():
    """Whatever the first line says, and whatever was done with the headers meanwhile."""
    parser = RequestParser(SMALL)
    for number in range(3):
        parser.feed(b"GET /%d?a=b HTTP/1.1\r\nHost: x\r\n\r\n" % number)
        parser.messages[-1].request.headers.clear()
        parser._parser = None if number == 1 else parser._parser
    parser.feed(b"GET /3 HTTP/1.1\r\nHost: x\r\n\r\n")
    assert [each.request.path for each in parser.messages] == ["/0", "/1", "/2", "/3"]
    assert parser.messages[-1].request.headers == {"host": "x"} and parser.begun == 4
