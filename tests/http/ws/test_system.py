"""The commands about the server itself: what is loaded, its log, its network, its health, repairs."""

from __future__ import annotations

import pytest
import structlog


@pytest.fixture
def client(server):
    with server.websocket() as connected:
        yield connected


def test_manifests_name_what_is_loaded(client):
    """One by one, several, all; an unknown one is an error."""
    light = client.command("manifest/get", integration="light")["result"]
    several = client.command("manifest/list", integrations=["light", "template"])["result"]
    everything = client.command("manifest/list")["result"]

    assert (light["name"], light["integration_type"], light["is_built_in"]) == ("Light", "entity", True)
    assert [each["domain"] for each in several] == ["light", "template"]
    assert several[1]["config_flow"] is True
    assert {"light", "sun", "recorder"} <= {each["domain"] for each in everything}
    assert client.command("manifest/get", integration="nope")["error"]["message"] == "Integration not found"
    assert client.command("manifest/list", integrations=["light", "nope"])["error"]["code"] == "unknown_error"


def test_what_can_be_added_is_described(client):
    """Helpers apart from the others."""
    found = client.command("integration/descriptions")["result"]

    assert found["core"]["helper"]["template"]["config_flow"] is True
    assert found["core"]["helper"]["counter"]["config_flow"] is False
    assert found["custom"] == {"integration": {}, "helper": {}}
    assert {"domain", "seconds"} == set(client.command("integration/setup_info")["result"][0])
    assert client.command("subscribe_bootstrap_integrations")["result"] is None


def test_problems_are_gathered_by_kind(client, server):
    """The same line again counts; the service clears them."""
    logger = structlog.get_logger("marge.test")
    for _ in range(3):
        logger.warning("something is odd", number=1)
    found = client.command("system_log/list")["result"]
    kind = next(each for each in found if each["message"] == ["something is odd number=1"])

    assert (kind["level"], kind["count"]) == ("WARNING", 3)
    assert kind["source"][0].endswith("test_system.py")
    server.rest("POST", "/api/services/system_log/write", {"message": "by hand", "level": "error", "logger": "a.b"})
    found = client.command("system_log/list")["result"]
    assert found[0]["message"] == ["by hand"]
    server.rest("POST", "/api/services/system_log/clear", {})
    assert client.command("system_log/list")["result"] == []
    assert server.rest("POST", "/api/services/system_log/write", {"message": "x", "level": "zzz"}).status_code == 400


def test_log_levels_are_changed_by_name(client, server):
    """Of an integration, of a logger, of all; a wrong word is named."""
    before = {each["domain"]: each["level"] for each in client.command("logger/log_info")["result"]}
    done = client.command("logger/integration_log_level", integration="sun", level="debug", persistence="none")
    unknown = client.command("logger/integration_log_level", integration="nope", level="DEBUG", persistence="none")
    loud = client.command("logger/log_level", module="x", level="LOUD", persistence="none")

    assert before["sun"] in (10, 20, 30)
    assert done["result"] is None
    assert unknown["error"] == {"code": "not_found", "message": "Integration not found"}
    assert loud["error"]["message"] == (
        "value must be one of ['CRITICAL', 'DEBUG', 'ERROR', 'FATAL', 'INFO', 'NOTSET', 'WARN', 'WARNING']"
        " for dictionary value @ data['level']. Got 'LOUD'"
    )
    for module in ("homeassistant.components.sun", "x"):
        client.command("logger/log_level", module=module, level="NOTSET", persistence="none")
    assert server.rest("POST", "/api/services/logger/set_default_level", {"level": "x"}).status_code == 400


def test_the_machine_is_described(client):
    """Network, hardware, health, analytics."""
    network = client.command("network")["result"]
    chosen = client.command("network/configure", config={"configured_adapters": ["lo"]})["result"]
    client.command("network/configure", config={"configured_adapters": []})
    health = client.command("system_health/info")
    initial, finish = client.event(health["id"]), client.event(health["id"])

    assert set(network) == {"adapters", "configured_adapters"}
    assert chosen == {"configured_adapters": ["lo"]}
    assert client.command("network/url")["result"]["internal"].startswith("http://")
    assert client.command("hardware/info")["result"] == {"hardware": []}
    assert client.command("hardware/subscribe_system_status")["result"] is None
    assert initial["type"] == "initial"
    assert {"homeassistant", "network", "recorder"} <= set(initial["data"])
    assert finish == {"type": "finish"}
    assert client.command("analytics")["result"]["preferences"]["base"] is False
    done = client.command("analytics/preferences", preferences={"base": False})["result"]
    assert done == {"preferences": dict.fromkeys(("base", "diagnostics", "usage", "statistics"), False)}


def test_repair_issues_are_listed_ignored_and_mended(client, server):
    """An event for each change; a fixable issue has a flow."""
    from marge.integrations._repairs import repairs_of

    mended = []
    repairs_of(server.home).register("test", lambda _home, issue: mended.append(issue.issue_id))
    subscription = client.command("subscribe_events", event_type="repairs_issue_registry_updated")["id"]
    issues = server.home.registries.issues
    issues.raise_issue("test", "odd", is_fixable=True, data={"a": 1}, severity="error")

    assert client.event(subscription)["data"] == {"action": "create", "domain": "test", "issue_id": "odd"}
    issue = client.command("repairs/list_issues")["result"]["issues"][0]
    assert (issue["issue_id"], issue["ignored"], issue["severity"]) == ("odd", False, "error")
    assert client.command("repairs/get_issue_data", domain="test", issue_id="odd")["result"] == {
        "issue_data": {"a": 1}
    }
    assert client.command("repairs/ignore_issue", domain="test", issue_id="odd", ignore=True)["success"]
    assert client.command("repairs/list_issues")["result"]["issues"][0]["ignored"] is True
    flow = server.rest("POST", "/api/repairs/issues/fix", {"handler": "test", "issue_id": "odd"}).json()
    assert (flow["type"], flow["step_id"], flow["data_schema"]) == ("form", "confirm", [])
    done = server.rest("POST", f"/api/repairs/issues/fix/{flow['flow_id']}", {}).json()
    assert done["type"] == "create_entry"
    assert mended == ["odd"]
    assert client.command("repairs/list_issues")["result"] == {"issues": []}
    unknown = server.rest("POST", "/api/repairs/issues/fix", {"handler": "demo", "issue_id": "nope"})
    assert (unknown.status_code, unknown.json()) == (400, {"message": "Handler does not support user"})


def test_no_integration_wants_credentials(client):
    """So there are none, and none can be made."""
    assert client.command("application_credentials/config")["result"] == {"domains": [], "integrations": {}}
    subscription = client.command("application_credentials/subscribe")["id"]
    assert client.event(subscription) == []
    made = client.command("application_credentials/create", domain="google", client_id="a", client_secret="b")
    assert made["error"] == {
        "code": "invalid_format", "message": "No application_credentials platform for google",
    }


def test_diagnostics_are_for_those_who_have_them(client, server):
    """404 without a body for what has none, 400 for a wrong kind."""
    assert client.command("diagnostics/get", domain="sun")["error"]["message"] == "Domain not supported"
    assert isinstance(client.command("diagnostics/list")["result"], list)
    unknown = server.rest("GET", "/api/diagnostics/config_entry/nope")
    assert (unknown.status_code, unknown.content) == (404, b"")
    assert server.rest("GET", "/api/diagnostics/nope/nope").status_code == 400
