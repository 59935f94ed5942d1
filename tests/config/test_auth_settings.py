"""How one gets in, as the files say it: log-ins, proxies, bans, encryption, open mode."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_network

import pytest

from marge.config import HomeConfig

Load = Callable[..., HomeConfig]

TRUSTED = """
homeassistant:
  auth_providers:
    - type: trusted_networks
      trusted_networks:
        - 192.168.1.0/24
        - fd00::/8
      trusted_users:
        192.168.1.5:
          - abc
          - group: system-admin
      allow_bypass_login: true
    - type: homeassistant
  auth_mfa_modules:
    - type: totp
"""


def test_trusted_networks_are_read_as_ha_writes_them(load: Load) -> None:
    """With users and groups for single networks."""
    home = load({"configuration.yaml": TRUSTED})
    providers = home.marge.auth_providers

    assert home.problems == ()
    assert providers.types == ("trusted_networks", "homeassistant")
    assert providers.trusted is not None and providers.trusted.allow_bypass
    assert providers.trusted.networks == (ip_network("192.168.1.0/24"), ip_network("fd00::/8"))
    network, allowed = providers.trusted.users[0]
    assert network == ip_network("192.168.1.5/32")
    assert (set(allowed.users), set(allowed.groups)) == ({"abc"}, {"system-admin"})


def test_without_a_word_about_it_a_password_is_asked(load: Load) -> None:
    """And everybody may set up a second factor."""
    marge = load({"configuration.yaml": ""}).marge

    assert (marge.auth_providers.types, marge.auth_providers.trusted) == (("homeassistant",), None)
    assert marge.mfa_modules == ("totp",)
    assert load({"configuration.yaml": "homeassistant:\n  auth_mfa_modules: []\n"}).marge.mfa_modules == ()


@pytest.mark.parametrize(
    "text",
    [
        "homeassistant:\n  auth_providers: nonsense\n",
        "homeassistant:\n  auth_providers: [{type: ldap}]\n",
        "homeassistant:\n  auth_providers: [{type: homeassistant}, {type: homeassistant}]\n",
        "homeassistant:\n  auth_providers: [{type: homeassistant, passwords: none}]\n",
        "homeassistant:\n  auth_providers: [{type: trusted_networks}]\n",
        "homeassistant:\n  auth_providers: [{type: trusted_networks, trusted_networks: [nowhere]}]\n",
        "homeassistant:\n  auth_providers: [{type: trusted_networks, trusted_networks: [10.0.0.1/8]}]\n",
        "homeassistant:\n  auth_mfa_modules: [{type: sms}]\n",
        "http:\n  trusted_proxies: [nowhere]\n",
        "http:\n  use_x_forwarded_for: perhaps\n",
        "http:\n  use_x_forwarded_for: true\n",
        "http:\n  ip_ban_enabled: 17\n",
        "http:\n  login_attempts_threshold: many\n",
        "http:\n  ssl_certificate: x.pem\n",
        "http:\n  ssl_key: x.pem\n",
        "http:\n  ssl_peer_certificate: x.pem\n",
        "http:\n  ssl_certificate: x.pem\n  ssl_key: y.pem\n  ssl_profile: old\n",
    ],
)
def test_a_mistake_about_who_gets_in_forbids_the_start(load: Load, text: str) -> None:
    """Running on with a default could let in, or shut out, the wrong people."""
    assert load({"configuration.yaml": text}).fatal


def test_the_front_doors_settings_are_read(load: Load) -> None:
    """In HA's words; paths are relative to the home."""
    text = (
        "http:\n  use_x_forwarded_for: true\n  trusted_proxies: [10.0.0.1, 172.16.0.0/12]\n  ip_ban_enabled: false\n"
        "  login_attempts_threshold: 5\n  ssl_certificate: cert.pem\n  ssl_key: /etc/key.pem\n"
    )
    home = load({"configuration.yaml": text})
    marge = home.marge

    assert home.problems == ()
    assert marge.trusted_proxies == (ip_network("10.0.0.1/32"), ip_network("172.16.0.0/12"))
    assert (marge.ip_ban_enabled, marge.login_attempts_threshold) == (False, 5)
    assert marge.ssl_certificate == home.config_dir / "cert.pem" and str(marge.ssl_key) == "/etc/key.pem"


@pytest.mark.parametrize(
    "text, env, starts",
    [
        ("marge: {auth: {mode: open}}", {}, False),
        ("marge: {auth: {mode: open}, http: {host: 127.0.0.1}}", {}, True),
        ("marge: {auth: {mode: open}, http: {host: '::1'}}", {}, True),
        ("marge: {auth: {mode: open}, http: {host: 192.168.1.2}}", {}, False),
        ("marge: {auth: {mode: open, allow_open: true}}", {}, True),
        ("", {"MARGE_AUTH_MODE": "open"}, False),
        ("", {"MARGE_AUTH_MODE": "open", "MARGE_HTTP_HOST": "localhost"}, True),
        ("", {"MARGE_AUTH_MODE": "open", "MARGE_AUTH_ALLOW_OPEN": "yes"}, True),
        ("marge: {auth: {mode: open}}", {"MARGE_AUTH_MODE": "required"}, True),
        ("marge: {auth: {mode: open}}", {"MARGE_HTTP_HOST": "127.0.0.1"}, True),
    ],
)
def test_a_home_open_to_everybody_has_to_be_meant(load: Load, text: str, env: dict[str, str], starts: bool) -> None:
    """Only this machine reaches it, or it is said twice; a variable beats the file."""
    assert (not load({"configuration.yaml": text}, **env).fatal) is starts


def test_the_profile_comes_from_the_file_or_the_environment(load: Load) -> None:
    """The environment wins."""
    text = "marge: {compat: {profile: native}}"

    assert load({"configuration.yaml": ""}).marge.profile == "ha"
    assert load({"configuration.yaml": text}).marge.profile == "native"
    assert load({"configuration.yaml": text}, MARGE_COMPAT_PROFILE="ha").marge.profile == "ha"
    assert load({"configuration.yaml": ""}, MARGE_COMPAT_PROFILE="native").marge.profile == "native"
