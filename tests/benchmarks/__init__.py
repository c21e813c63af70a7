"""Tests of the benchmarks' own parts; their timings are asserted nowhere."""
