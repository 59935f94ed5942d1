"""The server's certificate: from the settings to an SSL context."""

from __future__ import annotations

import ssl
from pathlib import Path

from marge.config.settings import MargeSettings
from marge.errors import ConfigError

_INTERMEDIATE = (
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305:"
    "DHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES256-GCM-SHA384"
)
"""RFC 9325 section 4.2: forward secrecy and authenticated encryption only."""


def context_of(settings: MargeSettings) -> ssl.SSLContext | None:
    """What the settings say; None: no encryption.

    Raises:
        ConfigError: see `make_context`.
    """
    if settings.ssl_certificate is None or settings.ssl_key is None:
        return None
    return make_context(
        settings.ssl_certificate, settings.ssl_key, settings.ssl_peer_certificate, settings.ssl_profile
    )


def make_context(
    certificate: Path, key: Path, peer_certificate: Path | None = None, profile: str = "modern"
) -> ssl.SSLContext:
    """A server's context. Blocks for small files.

    Args:
        peer_certificate: clients must show a certificate that this one signed.
        profile: `modern` takes TLS 1.3 and 1.2 with OpenSSL's own choice of ciphers; `intermediate` names those of 1.2.

    Raises:
        ConfigError: a file cannot be read, or certificate and key do not belong together.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.options |= ssl.OP_NO_COMPRESSION | ssl.OP_CIPHER_SERVER_PREFERENCE
    if profile == "intermediate":
        context.set_ciphers(_INTERMEDIATE)
    try:
        context.load_cert_chain(certificate, key)
    except (OSError, ValueError) as exc:  # ssl.SSLError among them
        raise ConfigError(f"the certificate {certificate} and the key {key} cannot be used: {_why(exc)}") from exc
    if peer_certificate is not None:
        context.verify_mode = ssl.CERT_REQUIRED
        try:
            context.load_verify_locations(peer_certificate)
        except (OSError, ValueError) as exc:
            raise ConfigError(f"the certificate {peer_certificate} cannot be used: {_why(exc)}") from exc
    return context


def _why(error: Exception) -> str:
    return getattr(error, "reason", None) or getattr(error, "strerror", None) or str(error)
