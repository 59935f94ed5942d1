"""One file a kind of trigger, found by its name. See `marge.automations.kinds`."""
