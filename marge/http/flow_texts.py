"""Texts for the forms of the flows, made of the forms themselves, for front ends that have no better ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from marge.home import Home
from marge.integrations._helper_flow import HelperFlow, HelperForm
from marge.integrations.base import Integration
from marge.integrations.host import host_of

CATEGORIES = frozenset(("config", "options", "selector", "issues"))
_ABORTS = {
    "already_configured": "It is there already.",
    "set_up_in_files": "It is set up in the configuration files.",
    "single_instance_allowed": "It can be added only once.",
}
_ERRORS = {
    "need_lower_upper": "Give a lower or an upper limit.",
    "tariffs_not_unique": "Two tariffs have the same name.",
    "too_many_tariffs": "There are too many tariffs.",
}
_ISSUES = {
    "component.homeassistant.issues.config_problems.title": "The configuration has mistakes",
    "component.homeassistant.issues.config_problems.description": (
        "These pieces of the configuration files are left out:\n\n{problems}"
    ),
    "component.homeassistant.issues.database_damaged.title": "The database was damaged",
    "component.homeassistant.issues.database_damaged.description": (
        "It was moved to `{file}`, and what could be read of it is in a new one. History follows in the background."
        "\n\n{lost}\n\nIf something is missing, restore a backup. Then look at the disk: damage like this comes from "
        "a disk that wears out or a computer that loses its power."
    ),
    "component.homeassistant.issues.restore_failed.title": "A backup was not restored",
    "component.homeassistant.issues.restore_failed.description": (
        "The backup `{name}` could not be put in its place, and the home is as it was before: {problem}."
    ),
    "component.homeassistant.issues.settings_lost.title": "Settings were lost: restore a backup",
    **{
        f"component.homeassistant.issues.settings_lost.fix_flow.{key}": text
        for key, text in {
            "step.confirm.title": "Restore a backup",
            "step.confirm.description": (
                "The database was damaged. It was moved to `{file}`; what could not be read of it: {lost}.\n\nChoose "
                "the backup that this home shall come back from. It is checked before anything is replaced, then Marge "
                "restarts. If there is none, one can be sent on the page of backups. Until you have chosen, the home "
                "goes on with what is known, and no old backup is deleted.\n\n{problem}"
            ),
            "step.confirm.data.backup": "Backup",
            "step.confirm.data.password": "Password, or secret key",
            "error.wrong_password": "It does not open with that.",
            "error.cannot_restore": "That backup cannot be restored; the reason stands above.",
        }.items()
    },
    "component.homeassistant.issues.disk_nearly_full.title": "The disk is nearly full",
    "component.homeassistant.issues.disk_nearly_full.description": (
        "{used} of the disk that holds `{path}` are taken; {free} are free. Remove old backups or other files, or keep "
        "fewer days of history. Beyond 95 % Marge lets old history go by itself."
    ),
    "component.homeassistant.issues.database_migration.title": "The history is being brought up to date",
    "component.homeassistant.issues.database_migration.description": (
        "Everything works meanwhile, also recording and graphs; Marge may be restarted at any time and goes on where "
        "it was. Done of `{migration}`: {progress}."
    ),
    "component.homeassistant.issues.broken_parts.title": "Some parts of Marge could not be loaded",
    "component.homeassistant.issues.broken_parts.description": (
        "The home runs without these parts; the log has more:\n\n{parts}"
    ),
}


def flow_texts(home: Home, category: str, wanted: frozenset[str] | None) -> Iterator[tuple[str, str]]:
    """Key and text of one of `CATEGORIES`, of these domains (all when None)."""
    if category == "issues":
        yield from ((key, text) for key, text in _ISSUES.items() if wanted is None or "homeassistant" in wanted)
        return
    for domain, integration in host_of(home).integrations.items():
        if integration.flow is None or (wanted is not None and domain not in wanted):
            continue
        if issubclass(integration.flow, HelperFlow):
            if category == "selector":
                yield from _selector_texts(domain, integration.flow.forms)
            else:
                yield from _form_texts(domain, category, integration)
        if category == "config":
            yield from ((f"component.{domain}.config.abort.{reason}", text) for reason, text in _ABORTS.items())


def _form_texts(domain: str, category: str, integration: Integration) -> Iterator[tuple[str, str]]:
    assert integration.flow is not None and issubclass(integration.flow, HelperFlow)
    flow, key = integration.flow, f"component.{domain}.{category}"
    is_config = category == "config"
    if flow.type_key is not None and is_config:
        yield f"{key}.step.user.title", f"Add: {integration.title}"
        yield from ((f"{key}.step.user.menu_options.{step}", words(step)) for step in flow.forms)
    for step, form in flow.forms.items():
        shown = step if flow.type_key is not None or is_config else "init"
        title = words(step) if flow.type_key is not None else integration.title
        yield f"{key}.step.{shown}.title", f"Add: {title}" if is_config else title
        for field in form.fields(()):
            if field.later if is_config else field.once:
                continue
            yield f"{key}.step.{shown}.data.{field.name}", words(field.name)
    yield from ((f"{key}.error.{code}", text) for code, text in _ERRORS.items())


def _selector_texts(domain: str, forms: Mapping[str, HelperForm]) -> Iterator[tuple[str, str]]:
    for form in forms.values():
        for field in form.fields(()):
            config: Mapping[str, Any] = field.selector.config
            key = config.get("translation_key")
            if key is None:
                continue
            for option in config["options"]:
                if isinstance(option, str):
                    yield f"component.{domain}.selector.{key}.options.{option}", words(option)


def words(key: str) -> str:
    """`after_time` as people write it."""
    text = key.replace("_", " ")
    return text[:1].upper() + text[1:]
