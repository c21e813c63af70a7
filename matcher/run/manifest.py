"""What a run was made of and what came out: enough to make it again and to see that it is the same."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict

from matcher.settlement.totals import BudgetTotal, CutTotal


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Inputs(_Part):
    """Everything the decisions are a function of; `files` hashes policies, definitions and parameters."""

    engine: str
    snapshot: str
    period: str
    as_of: date
    complete: bool
    only: tuple[str, ...]
    files: dict[str, str]

    @property
    def run_id(self) -> str:
        """Return the first 16 hexadecimal digits of the canonical inputs' SHA-256."""
        text = json.dumps(self.model_dump(mode="json"), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:16]


class PolicyResult(_Part):
    """One policy's firms by outcome, and the money due: `amount_fen` sums what is known, `held` counts what is not."""

    policy: str
    title: str
    sha256: str
    in_scope: int
    eligible: int
    undetermined: int
    ineligible: int
    near_misses: int
    amount_fen: int
    held: int


class SkippedPolicy(_Part):
    """A policy that did not decide, and why."""

    policy: str
    reason: str


class Stop(_Part):
    """A safety gate that a policy ran into; `share` and `limit` are ratios written as decimals."""

    policy: str
    share: str
    limit: str
    why: str


class Manifest(_Part):
    """The manifest; nothing in it tells when the run was made, so that equal runs have equal manifests."""

    format: Literal[1] = 1
    run: str
    inputs: Inputs
    policies: tuple[PolicyResult, ...]
    skipped: tuple[SkippedPolicy, ...]
    stops: tuple[Stop, ...]
    settlement: tuple[CutTotal, ...] = ()
    budgets: tuple[BudgetTotal, ...] = ()
    outputs: dict[str, str]

    def to_json(self) -> str:
        """Return the canonical text, indented for people."""
        return json.dumps(self.model_dump(mode="json"), ensure_ascii=False, sort_keys=True, indent=1) + "\n"
