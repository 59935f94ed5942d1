"""Programs that run in the clients' own environments, not in ours."""
