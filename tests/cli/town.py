"""A small workspace as its owner would write it: own catalogue, own CSV files, own policies. Nothing is bundled."""

from __future__ import annotations

from pathlib import Path

from tests.cli.running import ok
from tests.kept import copied
from tests.snapshot.city import uscc

A, B, C, D = (uscc(number) for number in range(1, 5))

CATALOGUE = {
    "firms": """\
dataset: firms
title: {zh: 企业名册}
department: 市场监管局
role: register
grain: firm
key: [uscc, name]
absence: unknown
fields:
  region: {type: region, label: 所在区划}
""",
    "turnover": """\
dataset: turnover
title: {zh: 年度收入}
department: 税务局
grain: period
period: year
key: [uscc]
absence: unknown
fields:
  revenue: {type: money, unit: 万元, label: 营业收入, range: [0, 100000000]}
""",
    "blacklist": """\
dataset: blacklist
title: {zh: 失信名单}
department: 法院
grain: event
key: [uscc, name]
dated_by: listed_on
absence: none
negative: true
fields:
  listed_on: {type: date, label: 列入日期}
""",
    "drugs": """\
dataset: drugs
title: {zh: 新药批准}
department: 药监局
grain: event
key: [uscc]
dated_by: approved_on
absence: none
fields:
  approval_no: {type: text, label: 批准文号}
  approved_on: {type: date, label: 批准日期}
  innovative: {type: boolean, label: 创新药}
""",
}
_HEAD = """\
policy: {name}
title: {{zh: {title}}}
kind: award
status: in_force
source: {{document: 某文件, issuer: 某局, checked: unverified}}
service: {{office: 某局}}
applies:
  - {{periods: "2020..2030"}}
period: year
"""
GROWTH = (
    _HEAD.format(name="growth", title="小企业奖励")
    + """\
conditions:
  - {id: small, text: 上年收入不超过2亿元, clause: 第一条, when: "turnover.revenue[period - 1] <= 2亿元"}
  - {id: clean, text: 未失信, clause: 第二条, when: not exists(blacklist)}
award: {amount: 10万元}
"""
)
DRUGS = (
    _HEAD.format(name="new-drugs", title="新药奖励")
    + """\
conditions:
  - {id: approved, text: 当年获批, clause: 第一条, when: exists(drugs where approved_on during period)}
award:
  for_each: {rows: drugs where approved_on during period, item: approval_no}
  amount: if innovative then 1000万元 else 330万元
  claim: per item
"""
)
FILES = {
    "firms": f"""\
统一社会信用代码,企业名称,所在区划
{A},甲有限公司,370202
{B},乙有限公司,370202
{C},丙有限公司,370602
{D},丁有限公司,370602
""",
    "turnover": f"""\
统一社会信用代码,年度,营业收入（万元）
{A},2023,19999.99
{B},2023,20000.01
{D},2023,100
""",
    "blacklist": """\
企业名称,列入日期
丁有限公司,2023-05-01
""",
    "drugs": f"""\
统一社会信用代码,批准文号,批准日期,创新药
{A},国药0001,2024-03-01,是
{A},国药0002,2024-04-01,否
{B},国药0003,2024-05-01,
{C},国药0004,2023-05-01,是
""",
}
MATCH = ("--period", "2024", "--as-of", "2024-12-31")


def write(folder: Path, name: str, text: str) -> Path:
    """Write a file below the folder."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def bare(folder: Path) -> Path:
    """Make the workspace with its catalogue and policies; nothing is loaded."""
    ok("init", folder, "--bare", "-q")
    for name, text in CATALOGUE.items():
        write(folder, f"catalog/{name}.yaml", text)
    write(folder, "policies/growth.yaml", GROWTH)
    write(folder, "policies/new-drugs.yaml", DRUGS)
    return folder


def loaded(folder: Path) -> Path:
    """Make the workspace and load every file."""
    return copied(_load, folder)


def _load(folder: Path) -> Path:
    bare(folder)
    for name, text in FILES.items():
        ok("data", "load", "-q", "-w", folder, name, write(folder, f"in/{name}.csv", text), "--data-date", "2024-12-31")
    return folder


def frozen(folder: Path) -> Path:
    """Make the workspace, load and freeze."""
    return copied(_freeze, folder)


def _freeze(folder: Path) -> None:
    ok("data", "freeze", "-q", "-w", _load(folder))
