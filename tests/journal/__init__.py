"""The journal of identity facts: what it takes in, what it refuses, what survives a crash."""
