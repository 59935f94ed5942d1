"""Recorded exchanges with a real Home Assistant, replayed against a whole home.

`volatile.py` names what is not compared literally, `home.py` builds the home, `replay_rest.py` and `replay_ws.py` send
the rows, the tests assert the reached level and explain each miss.
"""
