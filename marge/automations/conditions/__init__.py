"""One file a kind of condition, found by its name. See `marge.automations.kinds`."""
