"""The YAML editor's files: which can be seen, what is wrong with a text, and when one is saved."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.home import HomeServer, home_server

PATH = "/api/config/files"
CONFIGURATION = """
automation: !include automations.yaml
script: !include_dir_merge_named scripts
input_boolean: {guest: {name: Guest}}
"""
FILES = {
    "automations.yaml": "[]\n", "secrets.yaml": "wifi: hidden\n", "scripts/one.yaml": "one: {sequence: []}\n",
    ".storage/auth.yaml": "not: yours\n", "notes.txt": "not yours\n", "custom_templates/tools.jinja": "{# a #}",
}  # fmt: skip


@pytest.fixture(scope="module")
def server() -> Iterator[HomeServer]:
    """A home with files of all kinds."""
    with home_server(CONFIGURATION, files=FILES) as running:
        folder = running.home.config.config_dir
        (folder / "outside.yaml").symlink_to("/etc/hostname")
        yield running


def digest(server: HomeServer, path: str) -> str:
    return str(server.rest("GET", f"{PATH}/{path}").json()["digest"])


def save(server: HomeServer, path: str, text: str, known: str | None) -> tuple[int, dict[str, object]]:
    reply = server.rest("PUT", f"{PATH}/{path}", {"text": text, "digest": known})
    return reply.status_code, reply.json()


def test_the_files_of_a_configuration_are_listed(server: HomeServer) -> None:
    """YAML and templates; not what is hidden, lies elsewhere, or is something else."""
    found = [each["path"] for each in server.rest("GET", PATH).json()["files"]]

    assert found == [
        "automations.yaml", "configuration.yaml", "custom_templates/tools.jinja", "scripts/one.yaml", "secrets.yaml",
    ]  # fmt: skip


def test_only_owners_see_them(server: HomeServer) -> None:
    """Secrets are among them."""
    for path in (PATH, f"{PATH}/secrets.yaml"):
        assert server.rest("GET", path, token=server.user_token).status_code in (401, 403)
    assert server.rest("GET", f"{PATH}/secrets.yaml").json()["text"] == "wifi: hidden\n"


@pytest.mark.parametrize(
    "path",
    [
        "..%2Fx.yaml", "a/../../x.yaml", ".storage/auth.yaml", "%2Fetc%2Fx.yaml", "notes.txt", "outside.yaml",
        "x%00.yaml", "a%5Cb.yaml", "a/b/c/d/e/f/g/h/i/j/k.yaml",
    ],
)  # fmt: skip
def test_nothing_else_can_be_read_or_written(server: HomeServer, path: str) -> None:
    """Whatever the name looks like."""
    assert server.rest("GET", f"{PATH}/{path}").status_code in (400, 404)
    assert server.rest("PUT", f"{PATH}/{path}", {"text": "a: 1\n", "digest": None}).status_code in (400, 404)


def test_a_file_is_saved_and_a_new_one_made(server: HomeServer) -> None:
    """With the digest of what was read; null for a new one."""
    text = "- alias: A\n  triggers: []\n  actions: []\n"
    status, saved = save(server, "automations.yaml", text, digest(server, "automations.yaml"))

    assert (status, saved["problems"]) == (200, [])
    assert (server.home.config.config_dir / "automations.yaml").read_text() == text
    assert saved["digest"] == digest(server, "automations.yaml")
    assert save(server, "scripts/deep/two.yaml", "two: {sequence: []}\n", None)[0] == 200
    assert save(server, "scripts/deep/two.yaml", "three: {sequence: []}\n", None)[0] == 409
    assert server.rest("GET", f"{PATH}/scripts/none.yaml").status_code == 404


def test_what_somebody_else_saved_meanwhile_is_not_overwritten(server: HomeServer) -> None:
    """409, and the file is theirs."""
    known = digest(server, "scripts/one.yaml")
    (server.home.config.config_dir / "scripts/one.yaml").write_text("theirs: {sequence: []}\n")

    assert save(server, "scripts/one.yaml", "mine: {sequence: []}\n", known)[0] == 409
    assert server.rest("GET", f"{PATH}/scripts/one.yaml").json()["text"] == "theirs: {sequence: []}\n"


def test_a_text_is_checked_with_all_that_belongs_to_it(server: HomeServer) -> None:
    """File, line, and what is wrong, also inside an automation; nothing is saved."""
    before = server.rest("GET", f"{PATH}/automations.yaml").json()["text"]
    broken = "- alias: B\n  triggers:\n    - trigger: stat\n      entity_id: light.x\n  actions: []\n"

    def problems(path: str, text: str) -> list[dict[str, object]]:
        answer = server.rest("POST", f"{PATH}/check", {"path": path, "text": text}).json()
        return list(answer["problems"])

    found, syntax = problems("automations.yaml", broken), problems("automations.yaml", "a: [1\nb: }")
    new = problems("scripts/new.yaml", "x: {sequence: 5}")

    assert [(each["file"], each["line"]) for each in found] == [("automations.yaml", 3)]
    assert syntax and all(each["file"] == "automations.yaml" for each in syntax)
    assert [each["file"] for each in new] == ["scripts/new.yaml"]
    assert server.rest("GET", f"{PATH}/automations.yaml").json()["text"] == before


def test_what_would_keep_the_home_from_starting_is_not_saved(server: HomeServer) -> None:
    """422 with the reason; the file stays."""
    known = digest(server, "configuration.yaml")
    status, answer = save(server, "configuration.yaml", CONFIGURATION + "\nmarge:\n  http_port: [1\n", known)

    assert status == 422
    assert any(each["severity"] == "fatal" for each in answer["problems"])  # type: ignore[attr-defined]
    assert digest(server, "configuration.yaml") == known


@pytest.mark.parametrize(
    "body", [{}, {"text": 5, "digest": None}, {"text": "x"}, [], {"text": "\ud800", "digest": None}]
)
def test_a_strange_body_is_refused(server: HomeServer, body: object) -> None:
    """400, and no file."""
    assert server.rest("PUT", f"{PATH}/strange.yaml", body).status_code == 400
    assert not (server.home.config.config_dir / "strange.yaml").exists()
