"""What a stored run tells of a firm: its decision, the rows it was paid for, and its facts with their meaning."""

from __future__ import annotations

from functools import cached_property

import polars as pl

from enterprise_data.snapshot.snapshot import Snapshot
from enterprise_data.workspace import Workspace
from matcher.explain.describe import Describer
from matcher.interpreter.stored import StoredFacts
from matcher.plan import BoundPolicy, Plan
from matcher.run.replan import replan
from matcher.run.store import Run
from matcher.sql.facts import FactTable
from policies.load import workspace_library


class Evidence:
    """What one run stored, each file read once; and, while its snapshot and policies are kept, what it means."""

    def __init__(self, workspace: Workspace, run: Run) -> None:
        """Take a run and the workspace that it belongs to; nothing is read yet."""
        self.run = run
        self._workspace = workspace
        self._outcomes: dict[str, dict[str, str]] = {}
        self._items: dict[str, dict[str, list[str]]] = {}

    def sha256(self, policy: str) -> str:
        """Return the revision of a policy; empty if it did not decide."""
        return next((one.sha256 for one in self.run.manifest.policies if one.policy == policy), "")

    def outcome(self, policy: str, uscc: str) -> str:
        """Return by which conditions the firm was not eligible; empty if it was.

        A run stores nothing of a firm that fails several conditions.
        """
        if policy not in self._outcomes:
            self._outcomes[policy] = self._read_outcomes(policy)
        return self._outcomes[policy].get(uscc, "it was out of scope, or several conditions failed")

    def _read_outcomes(self, policy: str) -> dict[str, str]:
        own = pl.col("policy") == policy
        near = self.run.near_misses.filter(own).with_columns(outcome=pl.lit("ineligible"))
        columns = ("uscc", "outcome", "failed", "unknown")
        found: dict[str, str] = {}
        for frame in (near, self.run.decisions.filter(own)):
            for uscc, outcome, failed, unknown in frame.select(columns).collect().iter_rows():
                by = f"it was {outcome} by {', '.join(failed or unknown)}"
                # Of several items, one that is eligible is enough.
                found[uscc] = "" if outcome == "eligible" or found.get(uscc) == "" else by
        return found

    @cached_property
    def meaning(self) -> tuple[Plan, FactTable, Describer]:
        """What the run's columns mean.

        Raises:
            MianshenError: its snapshot or its policies are not there any more.
        """
        snapshot = Snapshot.open(self._workspace.snapshots / self.run.manifest.inputs.snapshot)
        planned, table = replan(self.run, snapshot, workspace_library(self._workspace, snapshot.catalogue))
        return planned, table, Describer(planned.catalogue, planned.titles)

    def policy(self, name: str) -> BoundPolicy:
        """Return a policy as the run bound it."""
        return next(policy for policy in self.meaning[0].policies if policy.id == name)

    def items(self, policy: str, uscc: str) -> list[str]:
        """Return the rows that an award by item was decided on, as text."""
        if policy not in self._items:
            rows = self.run.items.filter(pl.col("policy") == policy).select("uscc", "fields").collect()
            self._items[policy] = {}
            for firm, fields in rows.sort("uscc", "fields").iter_rows():
                self._items[policy].setdefault(firm, []).append(fields)
        return self._items[policy].get(uscc, [])

    def facts(self, uscc: str) -> StoredFacts | None:
        """Return a firm's stored facts; None if there are none."""
        frame, places = self._facts
        if uscc not in places:
            return None
        return StoredFacts(self.meaning[1].columns, frame.row(places[uscc], named=True), {})

    @cached_property
    def _facts(self) -> tuple[pl.DataFrame, dict[str, int]]:
        frame = self.run.facts.collect()
        return frame, {uscc: place for place, uscc in enumerate(frame["uscc"].to_list())}
