"""What `policy show` says a policy pays, in each of the ways to pay."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from enterprise_data.catalogue.load import BUNDLED
from tests.cli.running import ok
from tests.cli.town import DRUGS, GROWTH, bare, write

PAYMENTS = BUNDLED / "payments.yaml"
GROWTH_AWARDS = {
    "{amount: 10万元, exclusive: growth}": [
        "pays 10万元",
        "rounded down to 0.01元",
        "claimed per period",
        "exclusive group growth (就高不重复)",
    ],
    "{share: {of: 'turnover.revenue[period - 1]', rate: 5%}, cap: {per_period: 50万元}}": [
        "pays a share of turnover.revenue[period - 1]: 5%",
        "at most 50万元 per period",
        "rounded down to 0.01元",
        "claimed per period",
    ],
    "{steps: {of: 'turnover.revenue[period - 1]', each: 1000万元, pay: 2万元, whole: true},"
    " claim: once, family: growth, since: 2018-01-01}": [
        "pays 2万元 for each 1000万元 of turnover.revenue[period - 1], whole steps only",
        "rounded down to 0.01元",
        "claimed once",
        "payments of the family growth count as its own",
        "payments before 2018-01-01 do not concern it",
    ],
    "{steps: {of: 'turnover.revenue[period - 1]', each: 1元, pay: 0.1元, whole: false}}": [
        "pays 0.1元 for each 1元 of turnover.revenue[period - 1], pro rata",
        "rounded down to 0.01元",
        "claimed per period",
    ],
    "{tiers: [{when: 'turnover.revenue[period] > 1亿元', pay: 2万元, text: 上亿, id: large},"
    " {when: 'true', pay: 1万元}], rounding: {mode: half_up, to: 100元}}": [
        "pays by the first tier that holds:",
        "- 上亿  [large]",
        "turnover.revenue[period] > 1亿元 → 2万元",
        "- tier-2  [tier-2]",
        "true → 1万元",
        "rounded half up to 100元",
        "claimed per period",
    ],
}


@pytest.mark.parametrize("award", GROWTH_AWARDS)
def test_each_way_to_pay(tmp_path: Path, award: str) -> None:
    folder = bare(tmp_path / "w")
    write(folder, "catalog/payments.yaml", PAYMENTS.read_text(encoding="utf-8"))
    write(folder, "policies/growth.yaml", GROWTH.replace("{amount: 10万元}", award))
    assert shown(folder, "growth") == GROWTH_AWARDS[award]


def shown(folder: Path, policy: str) -> list[str]:
    lines = [line.strip() for line in ok("policy", "show", "-w", folder, policy).out.splitlines()]
    later = [line for line in lines if line.startswith("declared, not applied")]
    return lines[lines.index("award") + 1 : -1 if later else None]


def test_what_is_paid_for_each_item(tmp_path: Path) -> None:
    folder = bare(tmp_path / "w")
    write(folder, "policies/new-drugs.yaml", DRUGS.replace("  claim:", "  item_cap: 500万元\n  claim:"))
    assert shown(folder, "new-drugs") == [
        "for each approval_no of drugs where approved_on during period",
        "pays if innovative then 1000万元 else 330万元",
        "at most 500万元 an item",
        "rounded down to 0.01元",
        "claimed per item",
    ]


def test_the_award_as_data(tmp_path: Path) -> None:
    folder = bare(tmp_path / "w")
    tiers = "{tiers: [{when: 'true', pay: 1万元}], cap: {per_period: 5万元}}"
    write(folder, "policies/growth.yaml", GROWTH.replace("{amount: 10万元}", tiers))
    award = json.loads(ok("policy", "show", "-w", folder, "growth", "--format", "json").out)["award"]
    assert award == {
        "amount": None,
        "tiers": [{"id": "tier-1", "text": "", "when": "true", "pay": "1万元"}],
        "steps": None,
        "share": None,
        "for_each": None,
        "item_cap": None,
        "cap": {"per_period": "5万元", "lifetime": None},
        "rounding": {"mode": "down", "to": "0.01元"},
        "claim": "per_period",
        "family": None,
        "since": None,
        "exclusive": None,
        "top_up": None,
        "shared_caps": [],
    }


def test_a_policy_that_pays_nothing_has_no_award(tmp_path: Path) -> None:
    folder = bare(tmp_path / "w")
    right = GROWTH.replace("kind: award", "kind: right").replace("award: {amount: 10万元}\n", "")
    write(folder, "policies/growth.yaml", right)
    assert "award" not in ok("policy", "show", "-w", folder, "growth").out.splitlines()
    assert json.loads(ok("policy", "show", "-w", folder, "growth", "--format", "json").out)["award"] is None
