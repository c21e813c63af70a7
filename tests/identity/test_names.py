import polars as pl
import pytest

from enterprise_data.identity.names.branches import is_branch
from enterprise_data.identity.names.spelling import normalised


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("青岛海蓝（集团）有限公司", "青岛海蓝(集团)有限公司"),
        ("青岛海蓝【集团】有限公司", "青岛海蓝〔集团〕有限公司"),
        ("青岛 海蓝　有限公司", "青岛海蓝有限公司"),
        ("\ufeff青岛\u200b海蓝\u00ad有限公司\r\n", "青岛海蓝有限公司"),
        ("ＡＢＣ有限公司", "abc有限公司"),
        ("青岛\uf9dc有限公司", "青岛隆有限公司"),  # a compatibility form of the same character
        ("青岛３Ｍ有限公司", "青岛3m有限公司"),
    ],
)
def test_spellings_of_one_name_are_equal(one: str, other: str) -> None:
    frame = pl.DataFrame({"one": [one], "other": [other]})
    assert frame.select(normalised(pl.col("one")) == normalised(pl.col("other"))).item()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("青岛海蓝有限公司", "青岛海兰有限公司"),
        ("青岛海蓝有限公司", "青岛海蓝有限责任公司"),
        ("青岛海蓝有限公司", "青岛海蓝有限公司分公司"),
        ("青岛第1有限公司", "青岛第一有限公司"),
        ("青岛海蓝集团有限公司", "青岛海蓝（集团）有限公司"),
        ("青岛\ue001有限公司", "青岛\ue002有限公司"),  # rare characters of private encodings stay apart
    ],
)
def test_different_names_stay_different(one: str, other: str) -> None:
    frame = pl.DataFrame({"one": [one], "other": [other]})
    assert not frame.select(normalised(pl.col("one")) == normalised(pl.col("other"))).item()


@pytest.mark.parametrize("blank", ["", "  ", "\u200b", "　\t", None])
def test_a_name_that_shows_nothing_is_none(blank: str | None) -> None:
    frame = pl.DataFrame({"name": [blank]}, schema={"name": pl.String})
    assert frame.select(normalised(pl.col("name"))).item() is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("青岛海蓝有限公司烟台分公司", True),
        ("中国银行青岛市南支行", True),
        ("海蓝超市第三店", True),
        ("海蓝有限公司营业部（非法人）", True),
        ("青岛海蓝有限公司", False),
        ("青岛分公司管理有限公司", False),
        ("海鲜店", False),
        (None, False),
    ],
)
def test_branches_are_told_by_their_ending(name: str | None, expected: bool) -> None:
    frame = pl.DataFrame({"name": [name]}, schema={"name": pl.String})
    assert frame.select(is_branch(normalised(pl.col("name")))).item() is expected
