"""Backups as files: what belongs in one, making, sealing, reading one that may come from anywhere, putting it back.

Not here: when one is made, and who is told (`marge.domains.backup`). Everything blocks: not on the hub.
"""
