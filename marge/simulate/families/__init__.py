"""Simulated devices that are reached by their address, a family a file: `marge simulate <family>`.

A module with a `command` (click) is a subcommand, found by its name; names that begin with `_` are helpers. Each speaks
its family's real protocol on real sockets, so that bridges, tests and people meet the same devices.
"""
