"""Small libraries written to disk for one test each, read with the bundled catalogue."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from textwrap import dedent, indent

from enterprise_data.catalogue.load import Catalogue, load_catalogue
from enterprise_data.declarations.problems import ProblemsFound
from enterprise_data.periods import PeriodKind
from policies.language.scope import Scope
from policies.load import Library, load_library
from policies.policy import Policy

HEAD = """\
policy: {name}
title: {{zh: 试验}}
kind: award
status: in_force
source: {{document: 某文件, issuer: 某局, checked: unverified}}
service: {{office: 某局}}
applies:
  - {{periods: "2021..2024", region: 山东省}}
period: {period}
"""
CONDITIONS = """\
conditions:
  - {id: sales, text: 收入, clause: 第一条, when: "tax.revenue[period - 1] <= 2亿元"}
"""
AWARD = "award: {amount: 10万元}\n"
SOURCE = "source: {document: 某文件, issuer: 某局, checked: unverified}\n"


@cache
def catalogue() -> Catalogue:
    return load_catalogue(None, bundled=True)


def scope() -> Scope:
    return Scope(catalogue(), PeriodKind.YEAR)


def policy_text(name: str = "trial", conditions: str = CONDITIONS, award: str = AWARD, period: str = "year") -> str:
    return HEAD.format(name=name, period=period) + dedent(conditions) + dedent(award)


def award_text(award: str) -> str:
    return policy_text(award="award:\n" + indent(dedent(award).strip("\n"), "  ") + "\n")


def write(folder: Path, **files: str) -> Path:
    """Write `name=text` as `name.yaml`; `definitions__x` goes to definitions/x.yaml."""
    for name, text in files.items():
        path = folder / (name.replace("__", "/") + ".yaml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def library(folder: Path, **files: str) -> Library:
    return load_library([write(folder / "policies", **files)], catalogue())


def policy(folder: Path, text: str) -> Policy:
    return library(folder, trial=text).policy("trial")


def faults(folder: Path, **files: str) -> list[str]:
    """Return the problems of a library as `file:line:column code message / help`."""
    try:
        library(folder, **files)
    except ProblemsFound as found:
        return [
            f"{Path(p.place.file).name}:{p.place.line}:{p.place.column} {p.code} {p.message}"
            + (f" / {p.help}" if p.help else "")
            for p in found.problems
        ]
    return []
