"""The automation engine: triggers, conditions, actions (a file a kind), runs, scripts and scenes. No device knowledge."""
