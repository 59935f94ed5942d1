"""Dashboards, and what a front end asks on start."""

from __future__ import annotations

import pytest

from marge.http.user_data import MAX_BYTES
from tests.support.home import HomeServer, home_server

CONFIGURATION = """
frontend:
  themes:
    night: {primary-color: black, modes: {dark: {primary-color: "#000"}}}
    broken: [1]
lovelace:
  dashboards:
    from-file: {mode: yaml, filename: my.yaml, title: File, require_admin: true}
    gone-file: {mode: yaml, filename: gone.yaml, title: Gone}
    out-side: {mode: yaml, filename: ../x.yaml, title: Outside}
    oneword: {mode: yaml, filename: x.yaml, title: X}
"""
FILES = {"my.yaml": "views: [{title: A}]\n"}


@pytest.fixture(scope="module")
def server():
    with home_server(CONFIGURATION, files=FILES) as running:
        yield running


def test_a_dashboard_comes_with_its_panel_and_goes_with_what_stands_in_it(server: HomeServer):
    """Each step is an event for those who listen."""
    with server.websocket() as client, server.websocket() as listener:
        listener.command("subscribe_events", event_type="lovelace_updated")
        listener.command("subscribe_events", event_type="panels_updated")
        made = client.command("lovelace/dashboards/create", url_path="my-dash", title="Mine")["result"]
        assert made == {
            "id": "my_dash", "url_path": "my-dash", "title": "Mine", "show_in_sidebar": True, "require_admin": False,
            "mode": "storage",
        }  # fmt: skip
        assert listener.event(2)["data"] == {}
        panel = client.command("get_panels")["result"]["my-dash"]
        assert (panel["title"], panel["icon"], panel["config"]) == (
            "Mine", "hass:view-dashboard", {"mode": "storage"},
        )  # fmt: skip
        assert client.command("lovelace/config", url_path="my-dash")["error"] == {
            "code": "config_not_found", "message": "No config found.",
        }  # fmt: skip
        config = {"views": [{"title": "Home"}]}
        client.command("lovelace/config/save", url_path="my-dash", config=config)
        assert listener.event(1)["data"] == {"url_path": "my-dash"}
        assert client.command("lovelace/config", url_path="my-dash")["result"] == config
        client.command("lovelace/dashboards/update", dashboard_id="my_dash", show_in_sidebar=False)
        assert client.command("get_panels")["result"]["my-dash"]["title"] is None
        assert client.command("lovelace/dashboards/delete", dashboard_id="my_dash")["success"]
        assert "my-dash" not in client.command("get_panels")["result"]
        client.command("lovelace/dashboards/create", url_path="my-dash", title="Again")
        assert client.command("lovelace/config", url_path="my-dash")["error"]["code"] == "config_not_found"
        client.command("lovelace/dashboards/delete", dashboard_id="my_dash")


@pytest.mark.parametrize(
    ("url_path", "text"),
    [("nohyphen", "Url path needs to contain a hyphen (-)"), ("from-file", "Panel url path needs to be unique"),
     ("My Dash", "invalid slug My Dash (try my-dash)"), ("developer-tools", "Panel url path needs to be unique")],
)  # fmt: skip
def test_a_path_that_cannot_be_had_is_refused(server: HomeServer, url_path, text):
    """Taken, malformed, or a single word."""
    with server.websocket() as client:
        refused = client.command("lovelace/dashboards/create", url_path=url_path, title="x")["error"]
        assert refused["code"] == "invalid_format"
        assert refused["message"].startswith(text)


def test_dashboards_of_files(server: HomeServer):
    """They are listed and read, and cannot be saved; bad entries are left out with their place."""
    with server.websocket() as client:
        listed = {each["url_path"]: each for each in client.command("lovelace/dashboards/list")["result"]}
        assert set(listed) == {"map", "from-file", "gone-file"}
        assert listed["from-file"]["mode"] == "yaml"
        assert client.command("lovelace/config", url_path="from-file")["result"] == {"views": [{"title": "A"}]}
        assert client.command("lovelace/config", url_path="gone-file")["error"]["code"] == "config_not_found"
        refused = client.command("lovelace/config/save", url_path="from-file", config={})
        assert refused["error"] == {"code": "error", "message": "Not supported"}
        paths = [problem.path for problem in server.home.shared["config_problems"]]
        assert {"lovelace.out-side", "lovelace.oneword", "frontend.broken"} <= set(paths)


def test_a_broken_file_is_an_error_with_its_place(server: HomeServer):
    """People mend what they are told about."""
    (server.home.config.config_dir / "gone.yaml").write_text("views: [\n")
    with server.websocket() as client:
        refused = client.command("lovelace/config", url_path="gone-file")["error"]
        assert refused["code"] == "error"
        assert "gone.yaml" in refused["message"]
    (server.home.config.config_dir / "gone.yaml").unlink()


def test_panels_for_administrators_are_for_administrators(server: HomeServer):
    """Others are not shown them, and change no dashboard."""
    with server.websocket(server.user_token) as client:
        panels = client.command("get_panels")["result"]
        assert "map" in panels
        assert not {"config", "developer-tools", "from-file"} & set(panels)
        assert client.command("lovelace/config/save", config={})["error"]["code"] == "unauthorized"
        assert client.command("lovelace/config", url_path="map")["result"] == {"strategy": {"type": "map"}}


def test_resources_are_kept(server: HomeServer):
    """Made, changed, removed."""
    with server.websocket() as client:
        made = client.command("lovelace/resources/create", res_type="module", url="/local/x.js")["result"]
        assert made == {"id": made["id"], "url": "/local/x.js", "type": "module"}
        changed = client.command("lovelace/resources/update", resource_id=made["id"], res_type="css")["result"]
        assert changed == {"id": made["id"], "url": "/local/x.js", "type": "css"}
        assert client.command("lovelace/resources")["result"] == [changed]
        client.command("lovelace/resources/delete", resource_id=made["id"])
        assert client.command("lovelace/resources/list")["result"] == []


def test_each_user_has_documents_of_their_own(server: HomeServer):
    """One, all, none; not more than a megabyte."""
    with server.websocket() as admin, server.websocket(server.user_token) as user:
        assert admin.command("frontend/set_user_data", key="core", value={"a": 1})["success"]
        assert admin.command("frontend/get_user_data", key="core")["result"] == {"value": {"a": 1}}
        assert admin.command("frontend/get_user_data")["result"] == {"value": {"core": {"a": 1}}}
        assert user.command("frontend/get_user_data")["result"] == {"value": {}}
        refused = admin.command("frontend/set_user_data", key="big", value="x" * MAX_BYTES)
        assert refused["error"]["code"] == "invalid_format"


def test_the_theme_is_chosen_by_a_service(server: HomeServer):
    """An unknown one changes nothing; `default` and `none` go back."""
    def chosen(client):
        found = client.command("frontend/get_themes")["result"]
        return found["default_theme"], found["default_dark_theme"]

    def choose(**data):
        server.home.services.call("frontend", "set_theme", data)

    with server.websocket() as client, server.websocket() as listener:
        listener.command("subscribe_events", event_type="themes_updated")
        assert list(client.command("frontend/get_themes")["result"]["themes"]) == ["night"]
        choose(name="nope")
        assert chosen(client) == ("default", None)
        choose(name="night", mode="dark")
        choose(name="night")
        assert chosen(client) == ("night", "night")
        assert listener.event(1)["data"] == {}
        choose(name="none", mode="dark")
        choose(name="default")
        assert chosen(client) == ("default", None)


def test_dashboards_and_themes_survive_a_restart(tmp_path):
    """What people made is there after the next start; a deleted map does not come back."""
    database = tmp_path / "home.db"
    with home_server(db_path=database) as server, server.websocket() as client:
        client.command("lovelace/dashboards/create", url_path="my-dash", title="Mine")
        client.command("lovelace/config/save", url_path="my-dash", config={"a": 1})
        client.command("lovelace/dashboards/delete", dashboard_id="map")
        client.command("counter/create", name="Clicks", initial=3)
        server.home.services.call("counter", "increment", {"entity_id": "counter.clicks"})
    with home_server(db_path=database, with_users=False) as server:
        lovelace = server.home.shared["lovelace"]
        assert [each["url_path"] for each in lovelace.list_dashboards()] == ["my-dash"]
        assert lovelace.config("my-dash") == {"a": 1}
        server.wait()
        assert server.state("counter.clicks").state == "4"


def test_a_home_in_yaml_mode():
    """The default dashboard and the resources are files; resources cannot be made."""
    configuration = "lovelace: {mode: yaml, resources: [{url: /local/a.js, type: module}, {url: x}]}\n"
    files = {"ui-lovelace.yaml": "title: T\n"}
    with home_server(configuration, files=files) as server, server.websocket() as client:
        assert client.command("lovelace/config")["result"] == {"title": "T"}
        assert client.command("lovelace/resources")["result"] == [{"url": "/local/a.js", "type": "module"}]
        assert client.command("lovelace/resources/create", res_type="js", url="x")["error"]["code"] == "unknown_command"
        assert client.command("get_panels")["result"]["lovelace"]["config"] == {"mode": "yaml"}
