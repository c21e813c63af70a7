"""A workspace with past payments and policies that have to do with each other, matched by the real parts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import matcher
from enterprise_data.catalogue.load import BUNDLED
from enterprise_data.workspace import Workspace
from matcher.run.store import Run
from tests.cli.town import CATALOGUE, write
from tests.kept import copied
from tests.snapshot.city import uscc

A, B, C, D = (uscc(number) for number in range(1, 5))
HEAD = """\
policy: {name}
title: {{zh: 试验{name}}}
kind: award
status: in_force
source: {{document: 文{name}, issuer: 某局, checked: unverified}}
service: {{office: 某局}}
applies:
  - {{periods: "2021..2030"}}
period: year
conditions:
  - {{id: size, text: 收入, clause: 第一条, when: "turnover.revenue[period - 1] >= {least}"}}
"""
CAP = """\
cap: {name}
title: {{zh: 合计上限}}
source: {{document: 某文件, issuer: 某局, checked: unverified}}
clause: 第五条
limit: {limit}
span: {span}
period: year
"""
FIRMS = f"""\
统一社会信用代码,企业名称,所在区划
{A},甲公司,370202
{B},乙公司,370202
{C},丙公司,370602
{D},丁公司,370602
"""
TURNOVER = f"统一社会信用代码,年度,营业收入（万元）\n{A},2023,100\n{B},2023,200\n{C},2023,300\n"
PAID = "统一社会信用代码,政策编号,政策类别,所属年份,兑付金额,兑付日期,追回日期,奖补对象\n"


def policy(name: str, rest: str, least: str = "1元") -> str:
    """Return a policy for firms of at least so much revenue; `rest` is its award and what follows."""
    return HEAD.format(name=name, least=least) + rest


def matched(
    folder: Path, files: dict[str, str], paid: str = "", *, payments: bool = True, more: dict[str, str] | None = None
) -> Run:
    """Make the workspace with these policies and caps, load, freeze and match it for 2024.

    A line of `paid` has the columns of `PAID`; those at its end that it leaves out are empty.
    """
    entries = {name: CATALOGUE[name] for name in ("firms", "turnover", *(more or {}))}
    entries["payments"] = (BUNDLED / "payments.yaml").read_text(encoding="utf-8")
    delivered = {
        "firms": FIRMS,
        "turnover": TURNOVER,
        **(more or {}),
        **({"payments": PAID + "".join(map(_filled, paid.splitlines()))} if payments else {}),
    }
    copied(_Frozen(tuple(entries.items()), tuple(delivered.items())), folder)
    for name, text in files.items():
        write(folder, f"policies/{name}.yaml", text)
    return matcher.match(folder, period="2024", as_of="2024-12-31")


@dataclass(frozen=True)
class _Frozen:
    """Makes a workspace of a catalogue, with files loaded and frozen."""

    entries: tuple[tuple[str, str], ...]
    delivered: tuple[tuple[str, str], ...]

    def __call__(self, folder: Path) -> None:
        Workspace.create(folder, bare=True)
        for name, text in self.entries:
            write(folder, f"catalog/{name}.yaml", text)
        for name, text in self.delivered:
            matcher.load(folder, name, write(folder, f"in/{name}.csv", text), date(2024, 12, 31))
        matcher.freeze(folder)


def _filled(line: str) -> str:
    return line + "," * (PAID.count(",") - line.count(",")) + "\n"


def due(run: Run) -> dict[tuple[str, str], int | None]:
    """Return what is due in yuan by policy and firm (A to D)."""
    names = {A: "A", B: "B", C: "C", D: "D"}
    rows = run.decisions.collect().iter_rows(named=True)
    eligible = (row for row in rows if row["outcome"] == "eligible")
    return {
        (row["policy"], names[row["uscc"]]): None if row["amount_fen"] is None else row["amount_fen"] // 100
        for row in eligible
    }
