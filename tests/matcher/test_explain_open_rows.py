"""Rows that nobody knows whose they are: which of them leave a decision open, and what settling each would change."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from enterprise_data.periods import Period
from enterprise_data.snapshot.freeze import freeze
from enterprise_data.snapshot.snapshot import Snapshot
from enterprise_data.workspace import Workspace
from matcher.context import Context
from matcher.explain.firm import explain_from_run, explain_from_snapshot
from matcher.explain.text import lines
from matcher.run.match import match
from matcher.run.store import Run
from policies.load import Library, load_library
from tests.snapshot.city import deliver, uscc, workspace

CONTEXT = Context(Period.parse("2024"), date(2024, 12, 31))
CATALOGUE = {
    "reg": """
dataset: reg
title: {zh: 企业登记}
department: 市场监管局
role: register
grain: firm
key: [uscc, name]
absence: unknown
fields:
  region: {type: region, label: 区划}
""",
    "pen": """
dataset: pen
title: {zh: 行政处罚}
department: 执法局
grain: event
key: [uscc, name]
dated_by: decided_on
absence: none
negative: true
fields:
  decided_on: {type: date, label: 决定日期}
  level: {type: code, label: 程度, values: [一般, 重大]}
""",
    "tax": """
dataset: tax
title: {zh: 年度收入}
department: 税务局
grain: period
period: year
key: [uscc, name]
absence: unknown
fields:
  revenue: {type: money, unit: 元, label: 收入, range: [0, 1000000000000]}
""",
    "arrears": """
dataset: arrears
title: {zh: 欠税公告}
department: 税务局
grain: event
key: [uscc, name]
dated_by: on_day
absence: none
max_age: 30 days
fields:
  on_day: {type: date, label: 公告日期}
""",
}
_HEAD = """\
policy: {name}
title: {{zh: {name}}}
kind: award
status: in_force
source: {{document: 某文件, issuer: 某局, checked: unverified}}
service: {{office: 某局}}
period: year
applies:
  - {{periods: "2020..2030"}}
conditions:
  - {{id: revenue, text: 收入不低于100万元, clause: 第一条, when: "tax.revenue[period] >= 100万元"}}
"""
POLICIES = {
    "clean": _HEAD.format(name="clean")
    + """\
  - none:
      - {id: grave, text: 有重大处罚, clause: 第二条, when: exists(pen where level = "重大")}
award: {amount: 5万元}
""",
    "paid-up": _HEAD.format(name="paid-up")
    + """\
  - none:
      - {id: owes, text: 欠税, clause: 第二条, when: exists(arrears)}
award: {share: {of: "tax.revenue[period]", rate: 1%}}
""",
}
NAMES = {
    1: "青岛海辰电子有限公司",
    2: "青岛海辰电子有限公司",
    3: "济南泰岳机械有限公司",
    4: "济南泰岳机械有限公司",
    5: "潍坊清泉食品有限公司",
    6: "威海远帆渔业有限公司",
    7: "东营金禾农业有限公司",
    8: "淄博瓷韵陶瓷有限公司",
}
YEAR = date(2024, 1, 1)
MAY = date(2024, 5, 1)
MILLION = 100_000_000
Made = tuple[Snapshot, Library, tuple[Run, ...]]


def _penalty(level: str | None, **keys: Any) -> dict[str, Any]:
    return {"decided_on": MAY, "level": level, **keys}


def _revenue(number: int, fen: int | None) -> dict[str, Any]:
    return {"uscc": uscc(number), "period": YEAR, "revenue": fen}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Give a snapshot with rows of every kind that may be a firm's, its library, and runs over it."""
    space = workspace(tmp_path_factory.mktemp("open") / "w", CATALOGUE)
    deliver(space, "reg", [{"uscc": uscc(n), "name": name, "region": "370202"} for n, name in NAMES.items()])
    revenues = [(1, MILLION), (2, 50), (3, MILLION), (4, MILLION), (6, MILLION), (8, 2 * MILLION), (5, MILLION), (5, 7)]
    deliver(space, "tax", [*(_revenue(n, fen) for n, fen in revenues), _revenue(7, MILLION)])
    penalties = [
        _penalty("重大", name=NAMES[1]),
        _penalty("一般", name=NAMES[1]),
        _penalty("重大", name=NAMES[3]),
        _penalty("重大", name=NAMES[3]),
        _penalty("重大", uscc=uscc(8), name=NAMES[6]),
        *(_penalty("重大", uscc=uscc(8), name=NAMES[7]) for _ in range(6)),
    ]
    deliver(space, "pen", penalties, doubtful=[_penalty(None, uscc=uscc(6), name=NAMES[6])])
    deliver(space, "arrears", [{"name": NAMES[1], "on_day": MAY}], day=date(2024, 6, 1))
    for name, text in POLICIES.items():
        (space.policy_dir / f"{name}.yaml").write_text(text, encoding="utf-8")
    snapshot = freeze(space)
    library = load_library([space.policy_dir], snapshot.catalogue)
    return snapshot, library, _runs(space, snapshot, library)


def _runs(space: Workspace, snapshot: Snapshot, library: Library) -> tuple[Run, ...]:
    return tuple(match(space, snapshot, library, CONTEXT, complete=complete) for complete in (True, False))


@pytest.mark.parametrize("number", NAMES)
def test_the_words_are_the_same_from_rows_and_from_stored_evidence(made: Made, number: int) -> None:
    snapshot, library, runs = made
    from_rows = explain_from_snapshot(snapshot, library, CONTEXT, uscc(number))
    for run in runs:
        assert explain_from_run(run, snapshot, library, uscc(number)) == from_rows


AMBIGUOUS = "row {row} of 行政处罚 (pen), 执法局: {name}; several firms bear the name"
REVIEW = "settle it: `mianshen data review --dataset pen --reason {reason}`"


@pytest.mark.parametrize(
    ("number", "policy", "said", "unsaid"),
    [
        # One row decides, and the one that the filter leaves out is not told of.
        (
            1,
            "clean",
            [
                "= 0 to 1  (执法局, 2024-12-31); a row may be this firm's",
                AMBIGUOUS.format(row=1, name=NAMES[1]),
                "if it is, ineligible; if not, eligible, 5万元",
                REVIEW.format(reason="ambiguous_name"),
            ],
            ["row 2 of"],
        ),
        # Another condition decides already.
        (2, "clean", ["it cannot change the decision by itself: ineligible"], ["if it is,"]),
        # Two rows: the one being another's does not settle the other.
        (
            3,
            "clean",
            ["2 rows may be this firm's", "row 3 of", "row 4 of", "if it is, ineligible; if not, undetermined"],
            [],
        ),
        # Code of one, name of another: either may be meant, and both keys are shown.
        (
            6,
            "clean",
            [
                f"{NAMES[6]} {uscc(8)}; the code is one firm's, the name another's",
                REVIEW.format(reason="code_and_name_disagree"),
                "the row was rejected when loaded, and may be about a firm",
                "correct the row, see `mianshen data rejects pen`",
            ],
            [],
        ),
        # Rows that contradict each other: each may be the right one.
        (
            5,
            "clean",
            [
                "2 rows may be this firm's",
                "row 7 of 年度收入 (tax), 税务局: ",
                "rows of one firm contradict each other",
                "if it is, eligible, 5万元; if not, ineligible",
                "if it is, ineligible; if not, eligible, 5万元",
                "correct the rows and load them again: `mianshen data load tax FILE`",
            ],
            [],
        ),
        # No more than five rows are told of one by one.
        (7, "clean", ["6 rows may be this firm's", "and 1 more such row"], []),
        # Data too old to count: whose row it is changes nothing.
        (1, "paid-up", ["older than the 30 days", "undetermined"], ["row 1 of", "may be this firm's"]),
    ],
)
def test_what_is_said_of_open_rows(made: Made, number: int, policy: str, said: list[str], unsaid: list[str]) -> None:
    snapshot, library, (run, _) = made
    text = "\n".join(lines(explain_from_run(run, snapshot, library, uscc(number), [policy])))
    assert [part for part in said if part not in text] == [], text
    assert [part for part in unsaid if part in text] == [], text


def test_what_settling_a_row_is_said_to_do_is_what_it_does(made: Made, tmp_path: Path) -> None:
    """The row of firm 1 is delivered again with the code of either firm of that name."""
    told = _line(made, 1)
    for owner, expected in ((1, told.if_theirs), (2, told.if_not)):
        space = workspace(tmp_path / str(owner), CATALOGUE)
        deliver(space, "reg", [{"uscc": uscc(n), "name": name, "region": "370202"} for n, name in NAMES.items()])
        deliver(space, "tax", [_revenue(1, MILLION)])
        deliver(space, "pen", [_penalty("重大", uscc=uscc(owner), name=NAMES[1])])
        for name, text in POLICIES.items():
            (space.policy_dir / f"{name}.yaml").write_text(text, encoding="utf-8")
        snapshot = freeze(space)
        library = load_library([space.policy_dir], snapshot.catalogue)
        (found,) = explain_from_snapshot(snapshot, library, CONTEXT, uscc(1), ["clean"]).policies
        assert expected.startswith(found.outcome)


def _line(made: Made, number: int) -> Any:
    snapshot, library, _ = made
    (policy,) = explain_from_snapshot(snapshot, library, CONTEXT, uscc(number), ["clean"]).policies
    rows = [row for line in policy.lines for fact in getattr(line, "facts", ()) for row in fact.open_rows]
    return rows[0]
