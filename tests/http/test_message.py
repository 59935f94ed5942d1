"""Requests, replies and their bytes: `marge.http.message` and `encode`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marge.errors import InvalidRequest
from marge.http.encode import Encoder, header_bytes, header_value
from marge.http.message import Headers, Reply, Request, json_reply, message_reply, status_reply, text_reply


def test_headers_take_any_case_and_join_repeated_lines():
    headers = Headers()
    for name, value in (("x-a", "1"), ("x-a", "2"), ("cookie", "a=1"), ("cookie", "b=2")):
        headers.add(name, value)
    assert headers["X-A"] == headers.get("x-A") == "1, 2"
    assert headers["Cookie"] == "a=1; b=2"
    assert "X-a" in headers and "x-b" not in headers and headers.get("x-b") is None


def test_query_gives_the_first_value_and_all_values():
    request = Request("GET", "/", query_string="a=1&b=%20x&a=2&c")
    assert request.query == {"a": "1", "b": " x", "c": ""}
    assert request.query_all("a") == ["1", "2"]
    assert Request("GET", "/").query == {}


def test_too_many_query_fields_are_refused():
    with pytest.raises(InvalidRequest):
        _ = Request("GET", "/", query_string="a&" * 2_000).query


@pytest.mark.parametrize("body", [b"", b"{bad", b"\xff"])
def test_bad_json_is_an_invalid_request_with_the_callers_text(body):
    with pytest.raises(InvalidRequest, match="^No good$"):
        Request("POST", "/", body=body).json("No good")


def test_replies_have_the_bodies_and_types_of_ha():
    assert json_reply({"a": "ü"}) == Reply(200, '{"a":"ü"}'.encode(), "application/json")
    assert message_reply("Entity not found.", 404).body == b'{"message":"Entity not found."}'
    assert text_reply("ü").content_type == "text/plain; charset=utf-8"
    assert status_reply(405).body == b"405: Method Not Allowed"


@given(st.text())
def test_no_header_value_breaks_out_of_its_line(value):
    assert header_bytes([("X", value)]).count(b"\r\n") == 1
    assert header_value(value).isascii()
    assert header_value(header_value(value)) == header_value(value)


BOTH = st.booleans()


@given(st.sampled_from([200, 201, 204, 304, 404, 500, 599]), st.binary(max_size=50), BOTH, BOTH, BOTH)
def test_every_reply_has_one_head_and_its_body(status, body, keep_alive, http10, head):
    data = Encoder().encode(Reply(status, body, "text/plain", {"X-One": "1"}), keep_alive, http10, head)
    lines, _, rest = data.partition(b"\r\n\r\n")
    assert lines.startswith(b"HTTP/1.1 %d " % status)
    bodiless = status in (204, 304)
    assert rest == (b"" if head or bodiless else body)
    assert (b"Content-Length: %d" % len(body) in lines) is not bodiless
    assert (b"Connection: close" in lines) is not keep_alive
    assert b"X-One: 1" in lines and b"Date: " in lines
