"""The native API, section by section: what Marge does that plain HA does not, or does differently."""
