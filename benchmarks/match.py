"""How long a match takes and how much memory, beside hand-written SQL.

    python benchmarks/match.py                        # 200,000 and 1,680,000 firms
    python benchmarks/match.py --firms 20000          # a quick look

For each size, three programs run in a process of their own over the same snapshot of the sample city: the library of
real policies, 200 generated policies, and for the same 200 the two-valued SQL a person would write, one query a policy.
Hand-written SQL only lists whom it takes in; the match also says who is undetermined and why, near misses, a funnel
for each condition, amounts, and stores its evidence. Snapshots are kept in build/bench and used again.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
from cities import POLICIES, city
from generated import AS_OF, PERIOD, generated

from enterprise_data.periods import Period
from enterprise_data.snapshot.snapshot import current_snapshot
from enterprise_data.workspace import Workspace
from matcher.api import frozen
from matcher.context import Context
from matcher.run.match import match
from policies.load import BUNDLED, load_library

FOLDER = Path("build/bench")
SIZES = (200_000, 1_680_000)


@dataclass(frozen=True)
class Measured:
    """One program's wall seconds, peak memory in MiB, and what it counted."""

    seconds: float
    mebibytes: float
    found: int


def main() -> None:
    """Run what the arguments say."""
    arguments = _arguments()
    if arguments.measure:
        print(json.dumps(_MEASURES[arguments.measure](Path(arguments.workspace))))
        return
    print(f"{'firms':>10} {'what':<28} {'seconds':>8} {'MiB':>7} {'per policy':>11} {'eligible':>10}")
    for firms in arguments.firms or SIZES:
        workspace = city(FOLDER, firms)
        _row(firms, "library", _measured("library", workspace, arguments.runs), None)
        ours = _measured("generated", workspace, arguments.runs)
        _row(firms, f"{POLICIES} generated", ours, POLICIES)
        by_hand = _measured("by-hand", workspace, arguments.runs)
        _row(firms, f"{POLICIES} by hand, two-valued", by_hand, POLICIES)
        print(f"{firms:>10,} ratio match : by hand = {ours.seconds / by_hand.seconds:.2f}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--firms", type=int, nargs="*", help="sizes of the city")
    parser.add_argument("--runs", type=int, default=3, help="runs of each program; the median is shown")
    parser.add_argument("--measure", choices=sorted(_MEASURES), help=argparse.SUPPRESS)
    parser.add_argument("--workspace", help=argparse.SUPPRESS)
    return parser.parse_args()


def _row(firms: int, what: str, measured: Measured, policies: int | None) -> None:
    each = f"{1000 * measured.seconds / policies:.1f} ms" if policies else ""
    print(
        f"{firms:>10,} {what:<28} {measured.seconds:>8.2f} {measured.mebibytes:>7.0f} {each:>11} {measured.found:>10,}"
    )


def _measured(what: str, workspace: Path, runs: int) -> Measured:
    """Run one program in processes of its own; return the median run."""
    command = [sys.executable, __file__, "--measure", what, "--workspace", str(workspace)]
    results = []
    for _ in range(runs):
        output = subprocess.run(command, capture_output=True, check=True, text=True, env=os.environ).stdout
        results.append(Measured(*json.loads(output.splitlines()[-1])))
    return sorted(results, key=lambda result: result.seconds)[runs // 2]


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _library(root: Path) -> tuple[float, float, int]:
    return _match(root, bundled=True)


def _generated(root: Path) -> tuple[float, float, int]:
    return _match(root, bundled=False)


def _match(root: Path, *, bundled: bool) -> tuple[float, float, int]:
    """Measure the match itself; reading the policy files is the same work for any number of firms."""
    workspace = Workspace.open(root)
    snapshot = frozen(workspace)
    folders = BUNDLED if bundled else (*BUNDLED[1:], root / "policies-generated")
    library = load_library(folders, snapshot.catalogue)
    context = Context(Period.parse(str(PERIOD)), date.fromisoformat(AS_OF))
    began = time.perf_counter()
    run = match(workspace, snapshot, library, context)
    seconds = time.perf_counter() - began
    return seconds, _peak(), sum(policy.eligible for policy in run.manifest.policies)


def _by_hand(root: Path) -> tuple[float, float, int]:
    snapshot = current_snapshot(Workspace.open(root))
    assert snapshot is not None
    connection = duckdb.connect()
    for name, entry in snapshot.manifest.datasets.items():
        connection.read_parquet(str(snapshot.dir / entry.file)).create_view(name)
    began = time.perf_counter()
    # The ids go into a table, as the match keeps its own: bringing them to Python would measure Python.
    connection.execute("CREATE TABLE found (policy VARCHAR, firm_no INTEGER)")
    for policy in generated(POLICIES):
        connection.execute(f"INSERT INTO found SELECT '{policy.name}', firm_no FROM ({policy.sql})")
    found = connection.execute("SELECT count(*) FROM found").fetchall()[0][0]
    return time.perf_counter() - began, _peak(), found


_MEASURES = {"library": _library, "generated": _generated, "by-hand": _by_hand}

if __name__ == "__main__":
    main()
