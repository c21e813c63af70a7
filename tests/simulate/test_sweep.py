"""A sweep says at each value what the file with that value says by itself."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

import pytest

from cli.sweep_picture import drawn
from enterprise_data.declarations.problems import MianshenError
from matcher.simulate.compare import simulate
from matcher.simulate.literals import read_varied
from matcher.simulate.sweep import sweep
from tests.cli.running import mianshen, ok
from tests.matcher.workspaces import CONTEXT
from tests.simulate.test_compare import Frozen, edited


@pytest.mark.parametrize(
    ("policy", "vary", "replaced"),
    [
        ("growth", "revenue=1万元,100万元,150万元", (">= 100万元", ">= {}")),
        ("growth", "fast=5%..45% by 20%", (">= 20%", ">= {}")),
        ("growth", "grave=1 year,6 years", ("last 3 years", "last {}")),
        ("growth", "award.cap.per_period=3万元,20万元", ("per_period: 10万元", "per_period: {}")),
        ("growth", "award.share.rate=1%,6%", ("rate: 5.5%", "rate: {}")),
        ("patent-prize", "tier-1=1万元,2万元", ("pay: 3万元", "pay: {}")),
        ("patent-prize", "tier-1.when=10万元,1000万元", ("worth >= 100万元", "worth >= {}")),
        ("months", "amount=20元,40元", ("33.335元", "{}")),
    ],
)
def test_each_point_is_what_the_changed_file_says(
    policy: str, vary: str, replaced: tuple[str, str], town: Frozen, tmp_path: Path
) -> None:
    (space, snapshot), (before, written) = town, replaced
    (file,) = space.policy_dir.rglob(f"{policy}.yaml")
    found = sweep(space, snapshot, file, CONTEXT, read_varied(vary))
    assert [point.own for point in found.points].count(True) == 1
    for point in found.points:
        changed = edited(space, policy, tmp_path, (before, written.format(point.written)))
        assert point.totals == simulate(space, snapshot, changed, CONTEXT, against=file).totals_after
    assert len({point.totals for point in found.points}) > 1


def test_values_are_listed_or_stepped() -> None:
    assert read_varied("a=1亿元,5000万元，1亿元").values == (Fraction(10**8), Fraction(5 * 10**7))
    assert read_varied("a:2=1%..2% by 0.5%").values == (Fraction(1), Fraction(3, 2), Fraction(2))
    assert read_varied("a:2=1人").number == 2
    for wrong in ("a", "a=", "a=x", "a=1亿元,5%", "a=5..1 by 1", "a=1..9 by 0", "a=1..1000 by 1", "a=010人"):
        with pytest.raises(MianshenError):
            read_varied(wrong)


@pytest.mark.parametrize(
    ("vary", "says"),
    [
        ("fats=5%", "called `fats`; did you mean `fast`"),
        ("exporter=5%", "`exporter` has no literal with %"),
        ("fast=5万元", "`fast` has no literal with 元: it reads `growth"),
        ("tier-1=1%", "nothing in the policy is called"),
        ("param.nothing=1%", "uses no parameter `nothing`"),
    ],
)
def test_what_cannot_be_varied_says_what_there_is(vary: str, says: str, town: Frozen) -> None:
    space, snapshot = town
    with pytest.raises(MianshenError, match=re.escape(says)):
        sweep(space, snapshot, space.policy_dir / "growth.yaml", CONTEXT, read_varied(vary))


def test_one_of_two_literals_is_named_by_its_number(town: Frozen, tmp_path: Path) -> None:
    space, snapshot = town
    both = edited(space, "growth", tmp_path, (">= 100万元", "between 100万元 and 9亿元"))
    with pytest.raises(MianshenError, match="revenue:1 is 100万元, revenue:2 is 9亿元"):
        sweep(space, snapshot, both, CONTEXT, read_varied("revenue=1万元"))
    found = sweep(space, snapshot, both, CONTEXT, read_varied("revenue:2=99万元"))
    assert [(p.written, p.own, p.totals.eligible > 0) for p in found.points] == [
        ("99万元", False, False), ("9亿元", True, True),
    ]  # fmt: skip


def test_a_parameter_is_varied(town: Frozen, tmp_path: Path) -> None:
    space, snapshot = town
    folder = tmp_path / "w"
    source = {"document": "某文件", "issuer": "某局", "checked": "unverified"}
    parameter = space.policy_dir / "parameters" / "least_revenue.yaml"
    parameter.parent.mkdir()
    parameter.write_text(
        f"parameter: least_revenue\ntitle: {{zh: 最低收入}}\nsource: {source}\ntype: money\n"
        "values:\n  - {from: 2020-01-01, value: 100万元}\n".replace("'", ""),
        encoding="utf-8",
    )
    folder.mkdir()
    try:
        changed = edited(space, "growth", folder, (">= 100万元", ">= param.least_revenue"))
        found = sweep(space, snapshot, changed, CONTEXT, read_varied("param.least_revenue=1亿元,1000元"))
        literal = sweep(space, snapshot, space.policy_dir / "growth.yaml", CONTEXT, read_varied("revenue=1亿元,1000元"))
        assert [(p.written, p.own, p.totals) for p in found.points] == [
            (p.written, p.own, p.totals) for p in literal.points
        ]
        with pytest.raises(MianshenError, match="is in 元"):
            sweep(space, snapshot, changed, CONTEXT, read_varied("param.least_revenue=5%"))
    finally:
        parameter.unlink()
        parameter.parent.rmdir()


def test_the_picture_shows_every_value(town: Frozen) -> None:
    space, snapshot = town
    found = sweep(
        space, snapshot, space.policy_dir / "growth.yaml", CONTEXT, read_varied("revenue=1万元,50万元,150万元")
    )
    texts = ["".join(node.itertext()) for node in ElementTree.fromstring(drawn(found)).iter()]
    assert {"1万元", "50万元", "100万元", "150万元", "文件中的取值"} <= set(texts)
    assert any(found.varied in text for text in texts)


def test_the_command(town: Frozen, tmp_path: Path) -> None:
    folder = town[0].root
    given = ("simulate", "-w", folder, "growth", "--period", "2024", "--as-of", "2024-12-31")
    picture = tmp_path / "sweep.svg"
    rows = ok(*given, "--vary", "revenue=1万元,150万元", "--svg", picture, "--format", "ndjson").rows
    assert [(row["value"], row["own"]) for row in rows] == [("1万元", False), ("100万元", True), ("150万元", False)]
    assert picture.read_text(encoding="utf-8").startswith("<svg")
    assert "in the file" in ok(*given, "--vary", "revenue=1万元").out
    for wrong in (("--svg", picture), ("--vary", "revenue=1万元", "--conditions")):
        assert mianshen(*given, *wrong).code == 2
