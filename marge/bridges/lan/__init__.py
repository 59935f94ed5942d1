"""What families of devices share that are reached by their address: Shelly, Hue and their like.

`address` (what may be asked), `client` (HTTP that neither waits nor reads for ever), `device` (an actor a device),
`entity` (commands go to that actor), `family` (the devices of a kind, and their supervisor). Not here: any protocol.
A family is its own bridge: a folder with `BRIDGE`, and a module of `marge.integrations` for its config entries.
"""
