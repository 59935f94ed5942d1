"""An ordinary day against a running Marge: what happens (`chapters`), who plays it (`player`), what came out (`table`).

Real MQTT to the simulated house, real REST to the server. Imports of the server do not belong here.
"""
