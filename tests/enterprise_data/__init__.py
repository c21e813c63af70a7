"""Tests of the catalogue, of conforming and loading, of workspaces."""
