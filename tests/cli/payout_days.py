"""A bureau of synthetic firms over many days: real files, a real match, officers that log in each day they act."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import pyotp
import pytest

from cli.acting import CLOCK, TOKEN
from tests.cli.running import Result, mianshen, ok
from tests.cli.town import CATALOGUE, write
from tests.snapshot.city import uscc

ADMIN = "chief"
PASSWORD = "correct horse battery"
OFFICERS = {
    "lihua": "maker",
    "wangfang": "checker",
    "zhaolei": "approver",
    "qianjin": "department",
    "sunli": "department",
    "zhoumin": "auditor",
}
FIRST = date(2025, 1, 6)
FIRMS = [uscc(number) for number in range(1, 7)]
NAMES = ["虚构甲公司", "虚构乙公司", "虚构丙公司", "虚构丁公司", "虚构戊公司", "虚构己公司"]
_POLICY = """\
policy: {name}
title: {{zh: {title}}}
kind: award
status: in_force
source: {{document: 虚构〔2024〕1号, issuer: 虚构市财政局, checked: unverified}}
service: {{office: 虚构市工信局, phone: 0000-1111111}}
applies:
  - {{periods: "2024.."}}
period: year
conditions:
  - {{id: {id}, text: {text}, clause: 第二条, when: "{when}"}}
award: {{amount: {amount}}}
payout: {{notice: 5 working days, confirm: {confirm}}}
"""
GROWTH = _POLICY.format(
    name="growth-grant", title="虚构成长奖励", id="big", text="上年收入2000万元以上",
    when="turnover.revenue[period - 1] >= 2000万元", amount="10万元", confirm="account",
)  # fmt: skip
SMALL = _POLICY.format(
    name="small-grant", title="虚构小企业补贴", id="small", text="上年收入不足2000万元",
    when="turnover.revenue[period - 1] < 2000万元", amount="1万元", confirm="none",
)  # fmt: skip
ACCOUNTS = """\
dataset: bank_accounts
title: {zh: 收款账户}
department: 财政局
grain: firm
key: [uscc]
absence: unknown
fields:
  account_name: {type: text, label: 账户名称}
  account_no: {type: text, label: 银行账号}
  bank: {type: text, label: 开户银行}
  bank_code: {type: text, label: 联行号}
  state: {type: code, label: 账户状态, values: [正常, 冻结, 销户]}
"""
NOTICE = """\
title: 虚构市2024年度惠企政策拟兑付名单公示（合成数据）
issuer: 虚构市财政局
department: 虚构市财政局企业科
phone: 0000-0000000
address: 虚构路1号
how_to_object: 对名单有异议的，请在公示期内以书面形式实名反映。
"""
PAYOUTS = """\
payer: {name: 虚构市财政局, account: "10001"}
purpose: "{policy} {period}"
channel: sample-pipe-gb18030
answers: sample-comma-return
"""


def _files() -> dict[str, str]:
    """Return the departments' files: four firms grew, one is small, of the last nobody knows the revenue or account."""
    revenues = (2000, 3000, 4000, 5000, 100)
    firms = "".join(f"{code},{name},370202\n" for code, name in zip(FIRMS, NAMES, strict=True))
    turnover = "".join(f"{code},2023,{revenue}\n" for code, revenue in zip(FIRMS, revenues, strict=False))
    accounts = "".join(
        f"{code},{name},622202000000{place:04d},虚构银行,102100099996,{'冻结' if place == 4 else '正常'}\n"
        for place, (code, name) in enumerate(zip(FIRMS, NAMES, strict=True), start=1)
        if place != 3
    )
    return {
        "firms": f"统一社会信用代码,企业名称,所在区划\n{firms}",
        "turnover": f"统一社会信用代码,年度,营业收入（万元）\n{turnover}",
        "bank_accounts": f"统一社会信用代码,账户名称,银行账号,开户银行,联行号,账户状态\n{accounts}",
    }


@dataclass
class Days:
    """A workspace that rehearses; `does` runs a command line as an officer, on the day that `on` set."""

    root: Path
    environment: pytest.MonkeyPatch
    secrets: dict[str, str]
    tokens: dict[str, str] = field(default_factory=dict)
    now: datetime = field(default_factory=lambda: _morning(FIRST))

    def on(self, day: str | date) -> None:
        """Let it be ten in the morning of a day in China; everybody has to log in again."""
        self.now = _morning(date.fromisoformat(day) if isinstance(day, str) else day)
        self.environment.setenv(CLOCK, self.now.isoformat())
        self.tokens.clear()

    def act_as(self, who: str) -> None:
        """Let the command lines that follow be those of an officer, who logs in if need be."""
        if who not in self.tokens:
            code = pyotp.TOTP(self.secrets[who]).at(self.now)
            given = ("--password", PASSWORD, "--code", code, "--show-token")
            self.tokens[who] = ok("officer", "login", who, "-w", self.root, *given).out.strip()
        self.environment.setenv(TOKEN, self.tokens[who])

    def tries(self, who: str, *words: object) -> Result:
        """Run `mianshen payout` as an officer."""
        self.act_as(who)
        return mianshen("payout", *words, "-w", self.root)

    def does(self, who: str, *words: object) -> Result:
        """Run `mianshen payout` as an officer; it must succeed."""
        result = self.tries(who, *words)
        assert result.code == 0, result
        return result

    def refuses(self, who: str, *words: object) -> str:
        """Run `mianshen payout` as an officer; it must be refused, with a message and no traceback."""
        result = self.tries(who, *words)
        assert result.code == 1, result
        assert "Traceback" not in result.err
        return result.err


def begun(root: Path, environment: pytest.MonkeyPatch) -> Days:
    """Make the workspace, match 2024, and enter the officers; nothing is taken in yet."""
    ok("init", root, "--bare", "-q")
    settings = root / "mianshen.toml"
    settings.write_text(settings.read_text("utf-8").replace("rehearsal = false", "rehearsal = true "), "utf-8")
    declared = {name: CATALOGUE[name] for name in ("firms", "turnover")} | {"bank_accounts": ACCOUNTS}
    for name, text in declared.items():
        write(root, f"catalog/{name}.yaml", text)
    for name, text in {"growth-grant": GROWTH, "small-grant": SMALL}.items():
        write(root, f"policies/{name}.yaml", text)
    write(root, "notice.yaml", NOTICE)
    write(root, "payouts.yaml", PAYOUTS)
    for name, text in _files().items():
        ok("data", "load", "-q", "-w", root, name, write(root, f"in/{name}.csv", text), "--data-date", "2024-12-31")
    ok("data", "freeze", "-q", "-w", root)
    ok("match", "-q", "-w", root, "--period", "2024", "--as-of", "2024-12-31")
    environment.delenv(TOKEN, raising=False)
    days = Days(root, environment, {})
    days.on(FIRST)
    days.secrets[ADMIN] = _entered(root, ADMIN, "admin")
    days.act_as(ADMIN)
    days.secrets |= {who: _entered(root, who, role) for who, role in OFFICERS.items()}
    return days


def _morning(day: date) -> datetime:
    return datetime.fromisoformat(f"{day}T10:00:00+08:00")


def _entered(root: Path, who: str, roles: str) -> str:
    told = ok("officer", "add", who, "--name", who, "--roles", roles, "--password", PASSWORD, "-w", root).out
    found = re.search("secret=([A-Z2-7]+)", told)
    assert found is not None, told
    return found[1]
