"""A town of eight firms with rows of every kind that may be a firm's: ambiguous, contradictory, rejected, too old."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from enterprise_data.periods import Period
from enterprise_data.workspace import Workspace
from matcher.context import Context
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


def penalty(level: str | None, **keys: Any) -> dict[str, Any]:
    return {"decided_on": MAY, "level": level, **keys}


def revenue(number: int, fen: int | None) -> dict[str, Any]:
    return {"uscc": uscc(number), "period": YEAR, "revenue": fen}


def bare_town(folder: Path) -> Workspace:
    """Make the workspace with its policies and the register; nothing else is delivered."""
    space = workspace(folder, CATALOGUE)
    deliver(space, "reg", [{"uscc": uscc(n), "name": name, "region": "370202"} for n, name in NAMES.items()])
    for name, text in POLICIES.items():
        (space.policy_dir / f"{name}.yaml").write_text(text, encoding="utf-8")
    return space


def doubtful_town(folder: Path) -> Workspace:
    """Make the workspace with all its deliveries."""
    space = bare_town(folder)
    revenues = [(1, MILLION), (2, 50), (3, MILLION), (4, MILLION), (6, MILLION), (8, 2 * MILLION), (5, MILLION), (5, 7)]
    deliver(space, "tax", [*(revenue(n, fen) for n, fen in revenues), revenue(7, MILLION)])
    penalties = [
        penalty("重大", name=NAMES[1]),
        penalty("一般", name=NAMES[1]),
        penalty("重大", name=NAMES[3]),
        penalty("重大", name=NAMES[3]),
        penalty("重大", uscc=uscc(8), name=NAMES[6]),
        *(penalty("重大", uscc=uscc(8), name=NAMES[7]) for _ in range(6)),
    ]
    deliver(space, "pen", penalties, doubtful=[penalty(None, uscc=uscc(6), name=NAMES[6])])
    deliver(space, "arrears", [{"name": NAMES[1], "on_day": MAY}], day=date(2024, 6, 1))
    return space
