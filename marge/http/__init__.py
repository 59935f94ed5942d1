"""The front door: server, hot lane, Flask lane, REST resources, WebSocket commands.

Not here: state changes. This package sends messages and reads snapshots.
"""
