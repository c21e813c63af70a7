"""How long it takes to simulate one changed threshold, beside the two full matches whose difference it must be.

    python benchmarks/simulate.py                     # 200,000 and 1,680,000 firms
    python benchmarks/simulate.py --firms 20000       # a quick look

Each policy is simulated by the command `mianshen simulate`, in a process of its own: cold, with no facts kept, then
warm, with thresholds never asked before; the median is shown. Then every policy in force is matched twice, with the
old file and with the changed one, and the two are compared with the simulation, firm by firm. The cities are those of
match.py, in build/bench.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
from cities import city
from generated import AS_OF, PERIOD

from enterprise_data.periods import Period
from enterprise_data.workspace import Workspace
from matcher.api import frozen
from matcher.context import Context
from matcher.run.match import match
from policies.load import SAMPLE_CITY, workspace_library

SIZES = (200_000, 1_680_000)
SUMS = ("eligible", "undetermined", "lower_fen")


@dataclass(frozen=True)
class Changed:
    """A policy, and the text of a threshold with others to put in its place; the last is compared with two matches."""

    policy: str
    threshold: str
    others: tuple[str, ...]


CHANGES = (
    Changed("sample-revenue-steps-2024", ">= 200万元", (">= 400万元", ">= 100万元", ">= 300万元", ">= 150万元")),
    Changed("sample-premium-relief-2024", "<= -10%", ("<= -20%", "<= -5%", "<= -15%", "<= -8%")),
    Changed("small-and-insured", "<= 300人", ("<= 100人", "<= 500人", "<= 200人", "<= 250人")),
)
# One that nearly every firm of a city is for, so that as many as possible have an award.
EVERYBODY = """\
policy: small-and-insured
title: {zh: 示例·中小企业失业保险费返还（测速用）}
kind: award
status: in_force
source: {document: 示例（合成，非真实政策）, issuer: 示例市人力资源和社会保障局, checked: unverified}
service: {office: 示例市人力资源和社会保障局}
applies: [{periods: "2024"}]
period: year
conditions:
  - {id: active, text: 存续, clause: 示例第一条, when: 'registration.status = "存续"'}
  - {id: staff, text: 300人以下, clause: 示例第二条, when: "unemployment_insurance.average_staff[period - 1] <= 300人"}
  - {id: sales, text: 4亿元以下, clause: 示例第二条, when: "tax.revenue[period - 1] <= 4亿元"}
  - {id: credit, text: 信用良好, clause: 示例第三条, when: good_standing}
award:
  share: {of: "unemployment_insurance.premium_paid[period - 1]", rate: "if is_sme then 60% else 30%"}
  cap: {per_period: 100万元}
"""


def main() -> None:
    """Run what the arguments say."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--firms", type=int, nargs="*", help="sizes of the city")
    parser.add_argument("--folder", type=Path, default=Path("build/bench"), help="where cities lie (%(default)s)")
    arguments = parser.parse_args()
    print(f"{'firms':>10} {'policy':<28} {'cold':>7} {'warm':>7} {'two matches':>12} {'ratio':>7}  same numbers")
    for firms in arguments.firms or SIZES:
        workspace = Workspace.open(city(arguments.folder, firms))
        _lay_down(workspace)
        for change in CHANGES:
            with tempfile.TemporaryDirectory() as folder:
                _measure(firms, workspace, change, Path(folder))


def _lay_down(workspace: Workspace) -> None:
    shutil.copytree(SAMPLE_CITY, workspace.policy_dir / "sample_city", dirs_exist_ok=True)
    (workspace.policy_dir / "small-and-insured.yaml").write_text(EVERYBODY, encoding="utf-8")


def _measure(firms: int, workspace: Workspace, change: Changed, folder: Path) -> None:
    (own,) = workspace.policy_dir.rglob(f"{change.policy}.yaml")
    text = own.read_text(encoding="utf-8")
    assert text.count(change.threshold) == 1
    draft = folder / own.name
    seconds = []
    shutil.rmtree(workspace.facts, ignore_errors=True)
    for other in change.others:
        draft.write_text(text.replace(change.threshold, other), encoding="utf-8")
        began = time.perf_counter()
        _simulated(workspace, draft)
        seconds.append(time.perf_counter() - began)
    found = json.loads(_simulated(workspace, draft, "--format", "json"))
    began = time.perf_counter()
    before = _matched(workspace, change.policy)
    try:
        own.write_bytes(draft.read_bytes())
        after = _matched(workspace, change.policy)
    finally:
        own.write_text(text, encoding="utf-8")
    matches = time.perf_counter() - began
    cold, warm = seconds[0], statistics.median(seconds[1:])
    same = "yes" if _agree(found, before, after) else "NO"
    print(f"{firms:>10,} {change.policy:<28} {cold:>7.2f} {warm:>7.2f} {matches:>12.2f} {warm / matches:>7.3f}  {same}")


def _simulated(workspace: Workspace, draft: Path, *more: str) -> str:
    command = [str(Path(sys.executable).with_name("mianshen")), "simulate", "-q", "-w", str(workspace.root), str(draft)]
    command += ["--period", str(PERIOD), "--as-of", AS_OF, *more]
    return subprocess.run(command, capture_output=True, check=True, text=True).stdout


def _matched(workspace: Workspace, policy: str) -> pl.DataFrame:
    """Match every policy; return of one of them uscc, outcome and fen of each firm that is not ineligible."""
    snapshot = frozen(workspace)
    context = Context(Period.parse(str(PERIOD)), date.fromisoformat(AS_OF))
    run = match(workspace, snapshot, workspace_library(workspace, snapshot.catalogue), context)
    own = run.decisions.filter(pl.col("policy") == policy, pl.col("outcome") != "ineligible")
    return own.group_by("uscc").agg(pl.col("outcome").first(), pl.col("amount_fen").sum().alias("fen")).collect()


def _agree(found: dict[str, Any], before: pl.DataFrame, after: pl.DataFrame) -> bool:
    """Return whether a simulation has the sums and the firms by which two matches differ."""
    sums = [[found[side][key] for key in SUMS] for side in ("before", "after")]
    states = [{uscc: (outcome, fen) for uscc, outcome, fen in frame.iter_rows()} for frame in (before, after)]
    nothing = ("ineligible", 0)
    pairs = {uscc: (states[0].get(uscc, nothing), states[1].get(uscc, nothing)) for uscc in states[0] | states[1]}
    moved = {uscc: (_eligible(a), _eligible(b)) for uscc, (a, b) in pairs.items() if a != b}
    told = {
        firm["uscc"]: tuple((firm[f"outcome_{side}"], firm[f"{side}_fen"] or 0) for side in ("before", "after"))
        for firm in found["firms"]
    }
    return sums == [_sums(frame) for frame in (before, after)] and moved == {
        uscc: (_eligible(a), _eligible(b)) for uscc, (a, b) in told.items()
    }


def _eligible(state: tuple[str, int]) -> tuple[str, int]:
    """Return a firm's outcome, with its amount where it is sure."""
    outcome, fen = state
    return outcome, fen if outcome == "eligible" else 0


def _sums(frame: pl.DataFrame) -> Sequence[int]:
    eligible = frame.filter(pl.col("outcome") == "eligible")
    return [eligible.height, frame.height - eligible.height, eligible["fen"].sum()]


if __name__ == "__main__":
    main()
