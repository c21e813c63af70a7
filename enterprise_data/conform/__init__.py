"""Conforming: what departments send, in whatever form, becomes typed rows, rejects and counted repairs."""
