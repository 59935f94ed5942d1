"""Marge, a smart-home server: Home Assistant's language outside, an actor system inside."""
