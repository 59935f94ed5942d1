"""Answers questions about the past: graphs, the logbook, statistics, energy. Reads what the recorder wrote.

Not here: recording (`marge.recorder`), protocols (`marge.http`).
"""
