"""The same order gives the same bytes: again, elsewhere, and after the next upgrade."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from payouts.bank.mapping_file import find_mapping, shipped_mappings
from payouts.bank.write import write
from tests.payouts.bank.orders import numbered

ROOT = Path(__file__).parents[3]
# A released file must come out the same for ever. A hash changes only together with its shipped mapping, never because
# of the code: then a bureau could not write its released files again.
HASHES = {
    "pain-001": "44b85048993f662a4714c09207c3c6bee45332c033fb67ed26ddfeb107af32df",
    "sample-comma-utf8": "518676207ca9bd4d89dc0d12597b5b2555bed4431dbe6c17affdc925debca4b5",
    "sample-pipe-gb18030": "be17f31f00211c24b2fc1a5b6ed9235057cae265f408b3ea9d5d3994a3aac41d",
    "sample-same-bank-gbk": "0d1b2668a6e08f6615033d820f5dcb70cf9f76bf35a008702d66bd3323d43476",
    "sample-workbook": "55e2bbade8e95beb9a34466d7d23bc3de2d107e300d3d549d8dbefa0f5d4189e",
    "treasury": "110914d35c813de5ea9c13a920d6cad93bdac9f46b1892d4e471d98bc7c9d87e",
}
_ELSEWHERE = """
import hashlib, sys, time
from payouts.bank.mapping_file import find_mapping
from payouts.bank.write import write
from tests.payouts.bank.orders import numbered
for name in sys.argv[1:]:
    content = b"".join(file.content for file in write(numbered(25), find_mapping(name)))
    print(name, hashlib.sha256(content).hexdigest())
"""


def hashes() -> dict[str, str]:
    return {
        name: hashlib.sha256(b"".join(file.content for file in write(numbered(25), find_mapping(name)))).hexdigest()
        for name in sorted(shipped_mappings())
    }


def test_the_bytes_are_those_of_earlier_versions() -> None:
    assert hashes() == HASHES


@pytest.mark.parametrize(
    "surroundings",
    [
        {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "1"},
        {"TZ": "America/Los_Angeles", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "2", "PYTHONUTF8": "0"},
    ],
)
def test_another_process_zone_and_locale_give_the_same_bytes(surroundings: dict[str, str], tmp_path: Path) -> None:
    printed = subprocess.run(
        [sys.executable, "-c", _ELSEWHERE, *HASHES],
        env={**os.environ, "PYTHONPATH": str(ROOT), **surroundings},
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    )
    assert dict(line.split() for line in printed.stdout.splitlines()) == HASHES


@pytest.mark.parametrize("name", sorted(shipped_mappings()))
def test_any_change_of_the_order_changes_the_bytes(name: str) -> None:
    mapping, whole = find_mapping(name), numbered(2)
    first, second = whole.instructions
    changed = [replace(whole, instructions=(first, replace(second, fen=second.fen + 1)))]
    changed += [replace(whole, instructions=(first, replace(second, account_no=second.account_no + "0")))]
    changed += [replace(whole, instructions=(second, first))]
    found = {file.sha256 for order in (whole, *changed) for file in write(order, mapping)}
    assert len(found) == 4
