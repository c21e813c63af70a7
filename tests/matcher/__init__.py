"""Tests of binding, the two evaluators, awards, runs and explanations."""
