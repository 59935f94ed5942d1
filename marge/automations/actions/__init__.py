"""One file a kind of action, found by its name. See `marge.automations.kinds`."""
