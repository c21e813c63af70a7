"""Why two runs say different things of a firm: another revision of the policy, or which data changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

from enterprise_data.declarations.problems import MianshenError
from enterprise_data.workspace import Workspace
from matcher.explain.values import shown
from matcher.run.store import Run
from payouts.batches.evidence import Evidence
from policies.language import terms as t

_SHOWN = 3
_REVISED = "the policy was revised"
_NOT_KEPT = "why is not known: the files of a run, or the policies of its day, are not there any more"


class Causes:
    """Answers from the folders of two runs; where they are gone, it says so."""

    def __init__(self, workspace: Workspace, folders: Mapping[str, str]) -> None:
        """Take the workspace of the runs, and the folder of each run by its id, as the ledger has them."""
        self._workspace = workspace
        self._folders = folders
        self._opened: dict[str, Evidence | None] = {}

    def of_change(self, policy: str, uscc: str, before: str, now: str, *, revised: bool) -> str:
        """Return why a firm's amount is another one."""
        if revised:
            return _REVISED
        old, new = self._evidence(before), self._evidence(now)
        if old is None or new is None:
            return _NOT_KEPT
        if old.sha256(policy) != new.sha256(policy):
            return _REVISED
        found = list(islice(_differing(old, new, policy, uscc), _SHOWN + 1))
        if not found:
            return "no datum changed: other policies' awards, a cap or the budget did"
        return "; ".join(found[:_SHOWN]) + ("; …" if len(found) > _SHOWN else "")

    def of_adding(self, policy: str, uscc: str, before: str, now: str) -> str:
        """Return why a firm is new."""
        old = self._evidence(before)
        if old is None:
            return _NOT_KEPT
        told = old.outcome(policy, uscc)
        if told:
            return f"before, {told}"
        return self.of_change(policy, uscc, before, now, revised=False)

    def of_dropping(self, policy: str, uscc: str, before: str, now: str | None) -> str:
        """Return why a firm is paid no more."""
        new = None if now is None else self._evidence(now)
        if now is None or new is None:
            return _NOT_KEPT
        told = new.outcome(policy, uscc)
        if told:
            return f"now, {told}"
        return self.of_change(policy, uscc, before, now, revised=False)

    def _evidence(self, run_id: str) -> Evidence | None:
        if run_id not in self._opened:
            try:
                self._opened[run_id] = Evidence(self._workspace, Run.open(Path(self._folders[run_id])))
            except (KeyError, MianshenError):
                self._opened[run_id] = None
        return self._opened[run_id]


def _differing(old: Evidence, new: Evidence, policy: str, uscc: str) -> Iterator[str]:
    """Yield the facts that a policy asks and that two runs have different values of."""
    try:
        before, after = old.facts(uscc), new.facts(uscc)
        pairs = dict(zip(old.policy(policy).facts(), new.policy(policy).facts(), strict=True))
    except MianshenError:
        yield _NOT_KEPT
        return
    if before is None or after is None:
        yield "one of the runs has nothing stored of the firm"
        return
    rows = old.items(policy, uscc), new.items(policy, uscc)
    if rows[0] != rows[1]:
        gone, come = set(rows[0]) - set(rows[1]), set(rows[1]) - set(rows[0])
        yield f"the rows that are paid for: {len(gone)} gone or changed, {len(come)} new or changed"
    for was, now in pairs.items():
        if isinstance(was, t.Defined) or isinstance(now, t.Defined):
            continue  # its parts are among the facts
        values = before.value(was), after.value(now)
        if values[0] != values[1]:
            yield f"{new.meaning[2].describe(now)}: {shown(values[0], was.type)} → {shown(values[1], now.type)}"
