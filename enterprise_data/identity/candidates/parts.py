"""The parts of a firm's name (企业名称的组成): place, own word and line of trade, organisation form, branch, numbers.

湖北省武汉市 | 金鑫 | 再生资源 | 有限公司 | 阳逻第六经营部. Good for telling a clerk what differs, and for caution: no
link rests on it.
"""

from __future__ import annotations

import re
from functools import lru_cache

import polars as pl

from enterprise_data.codes.tables import read_words
from enterprise_data.identity.names.numerals import with_numerals
from enterprise_data.identity.names.places import with_places
from enterprise_data.identity.names.spelling import said
from enterprise_data.identity.names.trades import has_no_brand

_PARTNERSHIP = r"(?:\((?:特殊)?(?:普通|有限)?合伙\))?"
# Behind the name of its firm stands the name of a branch: 中国电信股份有限公司|荆州分公司.
_OF_FIRM = rf"^(.{{2,}}?(?:公司|合作社|联合社|联社|供销社|事务所){_PARTNERSHIP})(.+)$"
_NO_BRANCH = r"公司$|联合社$|^\((?:筹|集团|个体工商户)\)$"
_IS_BRANCH = r"(?:分|支)公司$"
_FORM = (
    r"((?:\(?集团\)?)?(?:股份有限公司|有限责任公司|有限公司|股份公司|总公司|公司|联合社|专业合作社|合作社|事务所|总厂|厂"
    r"|经营部|门市部|服务部|商行|商店|工作室|中心|店|部|站|社|行|院|所|场)?"
    rf"{_PARTNERSHIP}(?:\(?个体工商户\)?)?)$"
)


def with_parts(names: pl.DataFrame) -> pl.DataFrame:
    """Add to normalised names, in the column `plain` in simplified script, their parts.

    `places`, `branch_places`: short place words (武汉 for 武汉市), the outermost first, of the firm and of its branch;
    `brand` (字号), `trade`, `form`, `branch`: texts, empty where there is none; `numbers`: marks
    such as `<12>`; `spelling`: letters and digits of the whole name, `marked`: the same with numbers as marks,
    `digits`: with each Chinese digit as another (三五 and 35), `core`: without places.
    """
    placed = with_places(names, "plain").rename({"core": "_core"}).drop("place_kind")
    behind = placed.with_columns(_behind=pl.col("_core").str.extract(_OF_FIRM, 2))
    split = behind.with_columns(_branch=_branch()).with_columns(
        _firm=pl.col("_core").str.head(pl.col("_core").str.len_chars() - pl.col("_branch").str.len_chars())
    )
    formed = split.with_columns(form=pl.col("_firm").str.extract(_FORM, 1).fill_null("")).with_columns(
        _stem=said(pl.col("_firm").str.head(pl.col("_firm").str.len_chars() - pl.col("form").str.len_chars()))
    )
    parts = formed.with_columns(
        # An own word has at least two characters, also if they are in a word for a line of trade.
        brand=pl.when(~has_no_brand(with_numerals(said(pl.col("_core")))))
        .then(pl.col("_stem").str.head(2) + pl.col("_stem").str.slice(2).str.replace(_trades(), ""))
        .fill_null(""),
        form=said(pl.col("form")),
        branch=said(pl.col("_branch")),
        core=said(pl.col("_core")),
        spelling=said(pl.col("plain")),
        digits=with_digits(said(pl.col("plain"))),
        marked=said(with_numerals(pl.col("plain"))),
    )
    parts = parts.with_columns(
        trade=pl.col("_stem").str.slice(pl.col("brand").str.len_chars()),
        numbers=pl.col("marked").str.extract_all("<[0-9]+>"),
    ).drop("_core", "_behind", "_branch", "_firm", "_stem")
    # Few names have a branch.
    branches = with_places(parts.select(_text="branch").filter(pl.col("_text") != "").unique(), "_text")
    places = branches.select(branch="_text", branch_places="places")
    return parts.join(places, on="branch", how="left").with_columns(
        pl.col("branch_places").fill_null(pl.lit([], dtype=pl.List(pl.String)))
    )


def with_digits(text: pl.Expr) -> pl.Expr:
    """Return texts with each Chinese digit as another: 三五 and 35 are one."""
    return text.str.replace_many(list("〇零一二三四五六七八九"), list("00123456789"))


def _branch() -> pl.Expr:
    behind = pl.col("_behind")
    is_firm = behind.str.contains(_NO_BRANCH) & ~behind.str.contains(_IS_BRANCH)
    return pl.when(~is_firm).then(behind).fill_null("")


@lru_cache(maxsize=1)
def _trades() -> str:
    """Return the pattern of words for lines of trade at the end of a text."""
    words = [word for word in read_words("trade_words.txt.gz") if not word.startswith("第")]
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return rf"(?:{'|'.join(map(re.escape, longest_first))})+$"
