"""The keys that a home's `configuration.yaml` may hold. Not here: what stands below them; each domain knows its own."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


BUILT_IN_SECTIONS = _words("""
    homeassistant marge default_config automation scene script group logger recorder http mqtt template sun zone
    person input_boolean input_button input_datetime input_number input_select input_text persistent_notification
    api config demo energy frontend history logbook system_health system_log websocket_api my
    assist_pipeline conversation ffmpeg generic_hygrostat utility_meter intent intent_script mobile_app shopping_list
    webhook
""")

ENTITY_DOMAINS = _words("""
    air_quality alarm_control_panel binary_sensor button calendar camera climate cover date datetime device_tracker
    event fan geo_location humidifier image image_processing lawn_mower light lock media_player notify number remote
    select sensor siren stt switch text time todo tts update vacuum valve wake_word water_heater weather
""")
"""Domains whose YAML section is a list of platforms."""

NOT_SUPPORTED = _words("""
    alexa alert bayesian blueprint bluetooth cloud command_line counter
    derivative device_automation dhcp emulated_hue feedreader file filter folder_watcher
    generic_thermostat google_assistant hassio history_stats homekit image_upload influxdb kira
    knx lovelace met min_max modbus mold_indicator mqtt_eventstream mqtt_statestream network
    onboarding panel_custom panel_iframe plant prometheus proximity python_script rest rest_command rflink schedule
    shell_command sql ssdp statistics stream switch_as_x tag telegram_bot threshold timer trace trend
    usb velbus wake_on_lan workday worldclock xiaomi_aqara zeroconf zha zwave_js
""")
"""Home Assistant's sections that Marge does not read (yet): said so instead of `unknown`."""

LIST_SECTIONS = ENTITY_DOMAINS | _words(
    "automation scene template zone person rest command_line mqtt generic_hygrostat"
)
"""Sections whose pieces (labelled keys, packages) add up to one list; the others add up key by key."""

HOMEASSISTANT_KEYS = _words("""
    name latitude longitude elevation radius unit_system temperature_unit time_zone currency country language
    internal_url external_url packages customize customize_domain customize_glob allowlist_external_dirs
    allowlist_external_urls whitelist_external_dirs media_dirs legacy_templates auth_providers auth_mfa_modules
    debug
""")

HOMEASSISTANT_NOT_SUPPORTED = _words("""
    temperature_unit customize customize_domain customize_glob media_dirs
""")


@cache
def domain_names() -> frozenset[str]:
    """The domains that Marge has a file for, by name and without importing them: a new domain needs no edit here."""
    folder = files("marge") / "domains"
    if not folder.is_dir():
        return frozenset()
    names = {entry.name.removesuffix(".py") for entry in folder.iterdir()}
    return frozenset(name for name in names if name.isidentifier() and not name.startswith("_"))


def known_sections() -> frozenset[str]:
    """Top-level keys that mean something to Marge."""
    return BUILT_IN_SECTIONS | ENTITY_DOMAINS | domain_names()
