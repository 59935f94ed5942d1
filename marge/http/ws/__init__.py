"""HA's WebSocket API at `/api/websocket`: the session, and its commands, a file a family under `commands/`."""
