"""Routes, how they are found, and the hot table: `marge.http.routing`."""


import pytest
from hypothesis import given
from hypothesis import strategies as st

from marge.http.message import Reply
from marge.http.routing import HotTable, Route, check_unique, collect, route, routes_of, websocket_route


def handler(_home, _request):
    return Reply()


def make(method, path, hot=True):
    return Route(method, path, handler, hot)


def test_decorated_functions_carry_their_routes():
    @route("get", "/a", access="open")
    @route("POST", "/a", hot=True, access="admin")
    def both(_home, _request):
        return Reply()

    @websocket_route("/ws")
    def socket(_home, _websocket, _request):
        return None

    first, second, third = routes_of(both, socket)
    assert (first.method, first.access, first.hot, first.handler) == ("GET", "open", False, both)
    assert (second.method, second.access, second.hot) == ("POST", "admin", True)
    assert third.is_websocket


def test_routes_are_collected_from_the_modules_of_a_package(tmp_path, monkeypatch):
    """A new resource is a new file; what a module only imports is not collected twice."""
    package = tmp_path / "some_rest_package"
    package.mkdir()
    (package / "__init__.py").write_text("")
    one = "from marge.http.routing import route\n@route('GET', '/one')\ndef one(home, request): ...\n"
    (package / "one.py").write_text(one)
    (package / "two.py").write_text("from some_rest_package.one import one\n" + one.replace("one", "two"))
    monkeypatch.syspath_prepend(str(tmp_path))
    import some_rest_package  # type: ignore[import-not-found]

    assert [item.path for item in collect(some_rest_package)] == ["/one", "/two"]


def test_two_functions_for_one_path_are_refused():
    with pytest.raises(ValueError, match="is taken by"):
        check_unique([make("GET", "/a/<x>"), make("GET", "/a/<y>")])


@pytest.mark.parametrize("path", ["no/slash", "/a<b>", "/<path:a>/b", "/<A b>"])
def test_malformed_paths_are_refused(path):
    with pytest.raises(ValueError, match="route"):
        route("GET", path)


@pytest.mark.parametrize("path", ["/<a>/b", "/a/<b>/<c>/<d>", "/a/<path:b>"])
def test_paths_the_hot_table_cannot_hold_are_refused(path):
    with pytest.raises(ValueError, match="cannot be hot"):
        route("GET", path, hot=True)


@pytest.mark.parametrize(
    ("path", "found", "args"),
    [
        ("/api/", "/api/", {}),
        ("/api", None, {}),
        ("/api/states", "/api/states", {}),
        ("/api/states/", None, {}),
        ("/api//states", None, {}),
        ("/api/states/sun.sun", "/api/states/<entity_id>", {"entity_id": "sun.sun"}),
        ("/api/states/search", None, {}),
        ("/api/states/a/b", None, {}),
        ("/api/services/light/turn_on", "/api/services/<domain>/<service>", {"domain": "light", "service": "turn_on"}),
        ("/api/services/light/", None, {}),
        ("/api/services//turn_on", None, {}),
        ("/api/services/cold/turn_on", None, {}),
        ("/nope", None, {}),
    ],
)
def test_hot_table_finds_the_most_specific_hot_route(path, found, args):
    """A cold route that is more specific than a hot one hides it: Flask answers."""
    table = HotTable(
        [
            make("GET", "/api/"),
            make("GET", "/api/states"),
            make("GET", "/api/states/<entity_id>"),
            make("GET", "/api/states/search", hot=False),
            make("GET", "/api/services/<domain>/<service>"),
            make("GET", "/api/services/cold/<service>", hot=False),
            make("GET", "/api/<path:rest>", hot=False),
        ]
    )
    match = table.match("GET", path)
    assert (match and match[0].path) == found
    if match:
        assert dict(match[1]) == args
    assert table.match("POST", path) is None


def test_overlap_the_table_cannot_tell_apart_is_refused():
    with pytest.raises(ValueError, match="overlaps"):
        HotTable([make("GET", "/a/<x>/<y>"), make("GET", "/a/<x>/b", hot=False)])


@given(st.text(max_size=40))
def test_hot_table_takes_any_path(path):
    HotTable([make("GET", "/a"), make("GET", "/a/<x>"), make("GET", "/a/<x>/<y>")]).match("GET", path)
