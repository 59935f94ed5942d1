"""The automation engine: triggers, conditions, actions (a file a kind), runs, scripts, scenes. No device knowledge."""
