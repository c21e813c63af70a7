"""Generated policies for measuring: each as policy text, and as the two-valued SQL a person would write for it.

They are drawn from the clauses that real policies are made of, with a seed; none of them is real.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

AS_OF = "2025-06-30"
PERIOD = 2024

# Where policies of a city apply: mostly its counties and itself, some its province, few everywhere.
_REGIONS = (
    ("370602", "烟台市芝罘区"), ("370611", "烟台市福山区"), ("370681", "龙口市"), ("370685", "招远市"),
    ("370686", "栖霞市"), ("370687", "海阳市"), ("3706", "烟台市"), ("3706", "烟台市"), ("37", "山东省"), ("", ""),
)  # fmt: skip
_INDUSTRIES = (("C", "C"), ("C27", "C27"), ("C35", "C35"), ("I65", "I65"), ("F", "F"), ("M", "M"))


@dataclass(frozen=True)
class Clause:
    """One condition in both languages; `sql` speaks of the firm as `r`, its row in the register."""

    policy: str
    sql: str


@dataclass(frozen=True)
class Generated:
    """One policy: its file, and the query that lists the firms it takes in."""

    name: str
    yaml: str
    sql: str


def _established(rnd: random.Random) -> Clause:
    year = rnd.randint(2005, 2023)
    return Clause(f"registration.established_on <= {year}-12-31", f"r.established_on <= DATE '{year}-12-31'")


def _status(rnd: random.Random) -> Clause:
    status = rnd.choice(["存续", "存续", "注销"])
    return Clause(f'registration.status = "{status}"', f"r.status = '{status}'")


def _industry(rnd: random.Random) -> Clause:
    code, prefix = rnd.choice(_INDUSTRIES)
    return Clause(f"registration.industry within industry {code}", f"r.industry LIKE '{prefix}%'")


def _revenue(rnd: random.Random) -> Clause:
    wan = rnd.choice([100, 500, 1000, 2000, 5000, 20000])
    sign = rnd.choice(["<=", ">="])
    back = rnd.choice([0, 1])
    index = "period - 1" if back else "period"
    return Clause(
        f"tax.revenue[{index}] {sign} {wan}万元", f"{_of('tax', 'revenue', PERIOD - back)} {sign} {wan * 10**6}"
    )


def _of(dataset: str, field: str, year: int) -> str:
    return f"(SELECT {field} FROM {dataset} x WHERE x.firm_no = r.firm_no AND x.period = DATE '{year}-01-01')"


def _growth(rnd: random.Random) -> Clause:
    percent = rnd.choice([5, 10, 15, 20])
    now, before = _of("tax", "revenue", PERIOD), _of("tax", "revenue", PERIOD - 1)
    sql = f"{before} > 0 AND ({now} - {before}) * 100 >= {percent} * {before}"
    return Clause(f"growth(tax.revenue, period) >= {percent}%", sql)


def _staff(rnd: random.Random) -> Clause:
    people = rnd.choice([5, 10, 30, 100, 300, 500])
    sign = rnd.choice(["<=", ">="])
    sql = f"{_of('unemployment_insurance', 'average_staff', PERIOD - 1)} {sign} {people}"
    return Clause(f"unemployment_insurance.average_staff[period - 1] {sign} {people}人", sql)


def _premium(rnd: random.Random) -> Clause:
    wan = rnd.choice([1, 5, 10])
    sql = f"{_of('unemployment_insurance', 'premium_paid', PERIOD - 1)} >= {wan * 10**6}"
    return Clause(f"unemployment_insurance.premium_paid[period - 1] >= {wan}万元", sql)


def _exists(dataset: str, where: str) -> str:
    return f"EXISTS (SELECT 1 FROM {dataset} x WHERE x.firm_no = r.firm_no AND {where})"


def _hightech(rnd: random.Random) -> Clause:
    years = rnd.choice([1, 3])
    sql = _exists("hightech", f"x.recognised_on > DATE '{2025 - years}-06-30' AND x.recognised_on <= DATE '{AS_OF}'")
    return Clause(f"exists(hightech where recognised_on during last {years} years)", sql)


def _no_penalty(rnd: random.Random) -> Clause:
    years = rnd.choice([1, 2, 3])
    during = f"x.decided_on > DATE '{2025 - years}-06-30' AND x.decided_on <= DATE '{AS_OF}'"
    sql = "NOT " + _exists("penalties", f"x.level = '重大' AND {during}")
    return Clause(f'not exists(penalties where level = "重大" and decided_on during last {years} years)', sql)


def _patents(rnd: random.Random) -> Clause:
    number = rnd.choice([1, 2, 5])
    granted = "SELECT count(*) FROM patents x WHERE x.firm_no = r.firm_no AND x.granted_on >= DATE '2020-01-01'"
    sql = f"({granted}) >= {number}"
    return Clause(f"count(patents where granted_on since 2020-01-01) >= {number}", sql)


def _research(rnd: random.Random) -> Clause:
    wan = rnd.choice([10, 50, 100])
    sql = f"{_of('rd_deductions', 'super_deduction', PERIOD)} >= {wan * 10**6}"
    return Clause(f"rd_deductions.super_deduction[period] >= {wan}万元", sql)


_CLAUSES: tuple[Callable[[random.Random], Clause], ...] = (
    _established, _status, _industry, _revenue, _revenue, _growth, _staff, _premium,
    _hightech, _no_penalty, _no_penalty, _patents, _research,
)  # fmt: skip


def generated(number: int, seed: int = 1) -> list[Generated]:
    """Return that many policies of three to six clauses."""
    rnd = random.Random(seed)
    return [_policy(place, rnd) for place in range(number)]


def _policy(place: int, rnd: random.Random) -> Generated:
    prefix, region = rnd.choice(_REGIONS)
    clauses = [make(rnd) for make in rnd.sample(_CLAUSES, rnd.randint(3, 6))]
    name = f"generated-{place:04d}"
    scope = f", region: {region}" if region else ""
    conditions = "\n".join(
        f"  - {{id: c{i}, text: 合成条件, clause: 合成, when: '{clause.policy}'}}" for i, clause in enumerate(clauses)
    )
    yaml = (
        f"policy: {name}\ntitle: {{zh: 合成测速政策{place}}}\nkind: award\nstatus: in_force\n"
        f"source: {{document: 合成, issuer: 合成, checked: unverified}}\n"
        f'applies:\n  - {{periods: "2020.."{scope}}}\nperiod: year\nconditions:\n{conditions}\n'
        f"award: {{amount: {rnd.randint(1, 50)}万元}}\n"
    )
    tests = [clause.sql for clause in clauses]
    if prefix:
        tests.insert(0, f"r.region >= '{prefix}' AND r.region < '{prefix[:-1]}{chr(ord(prefix[-1]) + 1)}'")
    sql = f"SELECT r.firm_no FROM registration r WHERE {' AND '.join(tests)}"
    return Generated(name, yaml, sql)
