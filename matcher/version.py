"""The version of the engine, which is part of what a run is a function of."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


def engine_version() -> str:
    """Return the installed version of Mianshen, or `unpackaged` in a bare checkout."""
    try:
        return version("mianshen")
    except PackageNotFoundError:
        return "unpackaged"
