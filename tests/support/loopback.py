"""Addresses of this machine that nobody else uses: devices with fixed ports get one each."""

from __future__ import annotations

import random
import socket


def free_address(*ports: int) -> str:
    """An address in 127.0.0.0/8 where all these ports are free."""
    while True:
        host = f"127.{random.randint(1, 254)}.{random.randint(1, 254)}.{random.randint(2, 254)}"
        for port in ports:
            with socket.socket() as probe:
                try:
                    probe.bind((host, port))
                except OSError:
                    break
        else:
            return host
