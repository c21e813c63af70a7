"""A stored run: opened by its id, its frames read lazily."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from pydantic import ValidationError

from enterprise_data.declarations.problems import MianshenError
from enterprise_data.workspace import Workspace
from matcher.run.manifest import Manifest

MANIFEST = "manifest.json"
LAST = "last"


@dataclass(frozen=True)
class Run:
    """One run on disk; the frames are polars `LazyFrame`s over its Parquet files (see `matcher.run.files`)."""

    dir: Path
    manifest: Manifest

    @staticmethod
    def open(folder: Path) -> Run:
        """Open a run.

        Raises:
            MianshenError: when the folder holds none.
        """
        try:
            text = (folder / MANIFEST).read_text(encoding="utf-8")
            return Run(folder, Manifest.model_validate_json(text))
        except (OSError, ValidationError, UnicodeDecodeError) as error:
            raise MianshenError(f"{folder} is not a readable run; `mianshen runs` lists those there are") from error

    @property
    def id(self) -> str:
        """Return the run's id."""
        return self.manifest.run

    @property
    def decisions(self) -> pl.LazyFrame:
        """Return the stored decisions, one row a firm and item."""
        return pl.scan_parquet(self.dir / "decisions.parquet")

    @property
    def near_misses(self) -> pl.LazyFrame:
        """Return the firms that fail exactly one condition: policy, uscc, failed, unknown."""
        near = pl.scan_parquet(self.dir / "near_misses.parquet")
        named = near.join(self.facts.select("firm_no", "uscc"), on="firm_no", maintain_order="left")
        return named.select("policy", "uscc", "failed", "unknown")

    @property
    def funnel(self) -> pl.LazyFrame:
        """Return how each condition thins out the firms in scope."""
        return pl.scan_parquet(self.dir / "funnel.parquet")

    @property
    def facts(self) -> pl.LazyFrame:
        """Return the facts of every firm with a stored decision."""
        return pl.scan_parquet(self.dir / "facts.parquet")

    @property
    def settlement(self) -> pl.LazyFrame:
        """Return what the steps that look beyond one policy or firm did to each award."""
        return pl.scan_parquet(self.dir / "settlement.parquet")

    @property
    def instalments(self) -> pl.LazyFrame:
        """Return the parts in which awards are paid, where a policy says so."""
        return pl.scan_parquet(self.dir / "instalments.parquet")

    @property
    def items(self) -> pl.LazyFrame:
        """Return the rows that awards by item were decided on."""
        return pl.scan_parquet(self.dir / "items.parquet")


def runs(workspace: Workspace) -> list[Run]:
    """Return the runs of a workspace, by id."""
    return [Run.open(folder) for folder in _folders(workspace)]


def readable_runs(workspace: Workspace) -> list[Run]:
    """Return the runs that can be read; one that is damaged must not stop new ones."""
    found = []
    for folder in _folders(workspace):
        with suppress(MianshenError):
            found.append(Run.open(folder))
    return found


def find_run(workspace: Workspace, run_id: str | None) -> Run:
    """Return the run whose id begins with `run_id`, or the last one made when None.

    Raises:
        MianshenError: there is none, or several ids begin so.
    """
    if run_id is None:
        pointer = workspace.runs / LAST
        if not pointer.exists():
            raise MianshenError("no run yet; make one with `mianshen match`")
        run_id = pointer.read_text(encoding="utf-8").strip()
    found = [folder for folder in _folders(workspace) if run_id and folder.name.startswith(run_id)]
    if len(found) != 1:
        problem = "no run" if not found else f"{len(found)} runs"
        raise MianshenError(f"{problem} with an id that begins with `{run_id}`; `mianshen runs` lists them")
    return Run.open(found[0])


def _folders(workspace: Workspace) -> list[Path]:
    """Return the folders of finished runs; what a killed run left behind begins with a dot."""
    return sorted(p.parent for p in workspace.runs.glob(f"*/{MANIFEST}") if not p.parent.name.startswith("."))
