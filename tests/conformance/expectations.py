"""Which rows are replayed, which are answered otherwise on purpose, and why a row still misses."""

from __future__ import annotations

import re

COVERED_PATHS = re.compile(
    r"^/(api/($|config$|config/core|states|services|events|template|core/state|components|error_log|nope)"
    r"|api/onboarding($|/(users|installation_type|core_config|analytics|integration))"
    r"|auth/(providers|login_flow|token|revoke)|api$|nope$|$)"
)
"""Paths of which Marge has something. The editors, flows, history and the rest of the recording come later."""

_LATER_ENTITY = "an entity of a platform that is not built yet"
_LATER_SERVICE = "a service that is not built yet"
REST_LATER = {
    "login_flow: GET index not allowed": "HA answers this one path with an empty 405",
    "GET /api/states/<air_quality entity>": _LATER_ENTITY,
    "GET /api/states/<binary_sensor entity>": "no simulated device of that kind in the tests",
    "GET /api/states/<calendar entity>": _LATER_ENTITY,
    "GET /api/states/<camera entity>": "pictures of cameras are not served yet",
    "GET /api/states/<conversation entity>": _LATER_ENTITY,
    "GET /api/states/<datetime entity>": _LATER_ENTITY,
    "GET /api/states/<device_tracker entity>": _LATER_ENTITY,
    "GET /api/states/<event entity>": _LATER_ENTITY,
    "GET /api/states/<image_processing entity>": _LATER_ENTITY,
    "GET /api/states/<media_player entity>": "pictures of players are not served yet",
    "GET /api/states/<person entity>": "onboarding makes no person yet",
    "GET /api/states/<stt entity>": _LATER_ENTITY,
    "GET /api/states/<todo entity>": _LATER_ENTITY,
    "GET /api/states/<tts entity>": _LATER_ENTITY,
    "automation config: resulting entity": "made by the automation editor, which is not built yet",
    "automation config: entity_id does not follow the alias": "made by the automation editor",
    "script config: resulting entity": "made by the script editor, which is not built yet",
    "scene config: resulting entity": "made by the scene editor, which is not built yet",
    "mobile_app sensor entity state": "made by the companion app's API, which is not built yet",
    "mobile_app device_tracker state": "made by the companion app's API",
    "group entity after the options change": "made by a config flow, which is not built yet",
    "service set_value ok": "the recorded list also holds a template sensor, which is not built yet",
    "service set_value numeric string": "the recorded list also holds a template sensor",
    "service return_response ok (weather.get_forecasts)": "the simulated weather knows one day, HA's demo seven",
    "service return_response=false still counts as requested": _LATER_SERVICE,
    "service logger.set_level": _LATER_SERVICE,
    "service recorder.purge": _LATER_SERVICE,
    "service system_log.write": _LATER_SERVICE,
    "service homeassistant.set_location": "the home's place is configuration; a service cannot change it",
    "service todo.add_item": _LATER_SERVICE,
    "service todo.update_item unknown": _LATER_SERVICE,
    "service lock without code": "HA's demo lock takes two seconds and shows it; the simulated one is quick",
}
"""Rows on covered paths that need what later work brings. They are not replayed."""

REST_OTHERWISE = {
    "root before onboarding redirects to onboarding.html": (200, "one page does both"),
    "login_flow: unknown handler": (404, "HA fails with 500"),
    "login_flow/{id}: GET": (405, "HA fails with 500"),
    "fire event, 70 character type": (400, "HA fails with 500"),
    "POST state list body": (400, "HA fails with 500"),
    "POST state string body": (400, "HA fails with 500"),
    "POST state attributes list": (400, "HA fails with 500"),
    "POST state attributes string": (400, "HA fails with 500"),
    "template missing key": (400, "HA fails with 500"),
    "template non-string": (400, "HA fails with 500"),
}
"""Rows that Marge answers otherwise on purpose, with its own status and the reason. They count as passed."""

_SCRIPT = "a short script is over before HA answers; here the answer comes once it has begun, so its end is not listed"
REST_MISSES = {
    "service script.turn_on": _SCRIPT,
    "service script.turn_on again": _SCRIPT,
    "GET /api/error_log": "HA sends its log file; here it is text, and says so",
    "template malformed JSON": "the JSON parser's own words; a newer version says more",
}
"""Rows that fail, and why. A row that begins to pass has to leave this table."""

WS_LATER = {
    "auth: client says nothing": "takes ten seconds; tests/http/ws/test_connection.py shortens them",
    "extra key on a command with fields": "its second half needs signed paths, which are not built yet",
    "non-admin: admin-only command": "names commands that are not built yet; see tests/http/ws/test_permissions.py",
    "get_states": "a list in another order; compared one by one in test_ws.py",
    "get_panels": "the panels of a frontend that is not built yet",
    "get_panels after saving (lovelace panel unchanged)": "the panels of a frontend that is not built yet",
    "subscribe_entities: all (first message has every entity)": "onboarding makes no person yet",
    "call_service return_response": "the simulated weather knows one day, HA's demo seven",
    "call_service todo unknown item": "to-do lists are not built yet",
    "config/device_registry/list": "HA's demo has more devices; keys are compared in test_ws.py",
    "config/entity_registry/list": "HA's demo has more entities; keys are compared in test_ws.py",
    "config/entity_registry/list_for_display": "HA's demo has more entities; keys are compared in test_ws.py",
    "auth/current_user": "a second factor is not built yet; the rest is tested in tests/http/ws/test_auth.py",
    "auth/refresh_tokens": "lists what one installation holds; tests/http/ws/test_auth.py looks at it",
    "auth/delete_refresh_token": "names a token of the recorded installation; see tests/http/ws/test_auth.py",
    "persistent_notification/get": "notifications of HA's demo; see tests/http/ws/test_notifications.py",
    "persistent_notification/subscribe: current, added, updated, removed":
        "notifications of HA's demo; see tests/http/ws/test_notifications.py",
}
"""Rows of commands that Marge has, which need something else. They are not replayed."""

_KINDS = "conditions of kinds that are not built yet are missing in the list"
WS_MISSES = {
    "get_services": "`weather.get_forecasts` does not say which features its target needs",
    "test_condition invalid": _KINDS,
    "validate_config bad": _KINDS,
    "config/device_registry/update disable": "disabling is refused: not supported yet",
    "config/entity_registry/update disable": "disabling is refused: not supported yet",
    "config/entity_registry/update enable": "disabling is not supported yet",
    "config/entity_registry/update entity id": "changing ids is refused: not supported yet",
    "config/entity_registry/update entity id back": "changing ids is refused: not supported yet",
}
"""Rows that fail, and why. A row that begins to pass has to leave this table."""
