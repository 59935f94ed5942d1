"""What a simulated zigbee2mqtt can do beside its devices: requests, groups, firmware, joining, the network map.

Pure: a message comes in, messages (now or later) go out. Not here: sockets, the devices themselves.
"""
