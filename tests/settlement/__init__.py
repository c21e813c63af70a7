"""Tests of the settlement: steps that look beyond one policy or one firm."""
