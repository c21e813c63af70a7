"""`mianshen data links`: the report of a small town, in every form, and what freezing says of wrong codes."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from rich.cells import cell_len

from cli.exit_codes import ExitCode
from cli.links_bars import bar, split_bar
from tests.cli.running import mianshen, ok
from tests.cli.town import FILES, A, B, bare, loaded, write

BLACKLIST = f"""\
统一社会信用代码,企业名称,列入日期
,丁有限公司,2023-05-01
,甲有限责任公司,2023-05-01
,查无此公司,2023-05-01
{A},乙有限公司,2023-05-01
{B},云南大山茶叶厂,2023-05-01
"""
WRONG_CODES = "".join(f"9137020200000000{number:02}X,错码{number}有限公司,370202\n" for number in range(11))


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Give a frozen workspace with names that do not link and codes that are wrong, and what freezing said."""
    folder = loaded(tmp_path_factory.mktemp("listed") / "w")
    for name, text in (("blacklist", BLACKLIST), ("firms", FILES["firms"] + WRONG_CODES)):
        ok("data", "load", "-q", "-w", folder, name, write(folder, f"in/{name}.csv", text), "--data-date", "2024-12-31")
    return folder, ok("data", "freeze", "-w", folder).err


def test_freezing_names_the_registers_rows_with_wrong_codes(listed: tuple[Path, str]) -> None:
    folder, said = listed
    told = [line.strip() for line in said.splitlines() if "错码" in line]
    assert "11 rows of the register make no firm" in said
    assert told[0].endswith("错码0有限公司")
    assert len(told) == 10
    assert f"and 1 more: `mianshen data links -w {folder} firms`" in said
    shown = ok("data", "links", "-w", folder, "firms")
    assert all(f"错码{number}有限公司" in shown.out for number in range(11))
    assert "data review" not in shown.out + shown.err


def test_a_town_whose_codes_are_right_is_told_nothing_of_them(tmp_path: Path) -> None:
    assert "make no firm" not in ok("data", "freeze", "-w", loaded(tmp_path / "w")).err


def test_the_formats_agree_and_the_figures_add_up(listed: tuple[Path, str]) -> None:
    command = ("data", "links", "-w", listed[0], "--format")
    rows = ok(*command, "ndjson").rows
    assert json.loads(ok(*command, "json").out) == rows
    text = list(csv.DictReader(io.StringIO(ok(*command, "csv").out)))
    assert [row["name"] for row in text] == [row["name"] or "" for row in rows]
    own = [row for row in rows if row["dataset"] == "blacklist"]
    counted = {(row["part"], row["name"]): row["rows"] for row in own}
    linked = {"uscc": 1, "name": 1, "form": 1}
    assert {name: n for (part, name), n in counted.items() if part == "linked"} == linked
    assert {name: n for (part, name), n in counted.items() if part == "not_linked"} == {
        "code_and_name_disagree": 1,
        "unknown_name": 1,
    }
    assert counted["delivered", None] == 5
    assert counted["two_names", A] == counted["two_names", B] == 1
    assert all(row["meaning"] and row["meaning_zh"] and row["remedy"] for row in own if row["part"] == "not_linked")


def test_the_table_shows_why_and_what_to_do(listed: tuple[Path, str]) -> None:
    result = ok("data", "links", "-w", listed[0])
    for part in ("失信名单 (blacklist)", "the code is one firm's, the name another's", "░", "云南大山茶叶厂"):
        assert part in result.out
    assert f"`mianshen data review -w {listed[0]}`" in result.err
    one = ok("data", "links", "-w", listed[0], "blacklist").out
    assert "年度收入" not in one
    assert "错码" not in one


def test_a_column_of_bars_begins_at_one_place_however_wide_the_names_are(listed: tuple[Path, str]) -> None:
    lines = ok("data", "links", "-w", listed[0]).out.splitlines()
    datasets = [line for line in lines if line.endswith(("█", "░"))][:4]
    assert len({cell_len(line[: line.index("█")]) for line in datasets if "█" in line}) == 1
    assert len(datasets) == 4


def test_bars_show_whatever_is_not_nothing() -> None:
    assert (bar(0, 9), bar(9, 9), bar(1, 10_000)) == ("", "█" * 24, "▏")
    assert (split_bar(0, 0), split_bar(9, 0), split_bar(0, 9)) == ("", "█" * 24, "░" * 24)
    assert (split_bar(10_000, 1), split_bar(1, 10_000)) == ("█" * 23 + "░", "█" + "░" * 23)


@pytest.mark.parametrize("dataset", [(), ("blacklist",)])
def test_the_picture_is_well_formed_and_says_what_the_report_says(
    listed: tuple[Path, str], dataset: tuple[str, ...], tmp_path: Path
) -> None:
    file = tmp_path / "links.svg"
    assert f"wrote {file}" in ok("data", "links", "-w", listed[0], *dataset, "--svg", file).err
    root = ElementTree.parse(file).getroot()
    texts = [text.text or "" for text in root.iter("{http://www.w3.org/2000/svg}text")]
    wanted = (
        ["失信名单（法院）", "与登记名称相同", "名册中没有此名称"] if dataset else ["失信名单", "年度收入", "未关联"]
    )
    assert all(any(want in text for text in texts) for want in wanted)
    bars = [bar for bar in root.iter("{http://www.w3.org/2000/svg}rect") if bar.get("height") == "20"]
    assert all(float(bar.get("x", 0)) + float(bar.get("width", 0)) <= 960 for bar in bars)
    assert len(bars) >= 5


def test_what_cannot_be_reported_is_said(listed: tuple[Path, str], tmp_path: Path) -> None:
    unloaded = bare(tmp_path / "w")
    assert "no snapshot yet" in mianshen("data", "links", "-w", unloaded).err
    folder = loaded(tmp_path / "v")
    (folder / "catalog/extra.yaml").write_text(
        (folder / "catalog/drugs.yaml").read_text(encoding="utf-8").replace("drugs", "extra").replace("新药", "另"),
        encoding="utf-8",
    )
    ok("data", "freeze", "-q", "-w", folder)
    refused = mianshen("data", "links", "-w", folder, "extra")
    assert refused.code == ExitCode.PROBLEMS
    assert "has no rows of `extra` to link" in refused.err
    nowhere = mianshen("data", "links", "-w", listed[0], "--svg", tmp_path / "none/x.svg")
    assert nowhere.code != 0
    assert "none/x.svg" in nowhere.err
