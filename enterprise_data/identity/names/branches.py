"""Whether a name is that of a branch (分支机构), which has a code of its own and is not its parent."""

from __future__ import annotations

import polars as pl

# What the name of a branch ends with, as a regular expression.
BRANCH = (
    "(分公司|支公司|分店|分厂|分行|支行|分部|分社|分院|分所|分校|分理处|营业部|营业厅|营业所|经营部|门市部|门市|"
    r"门店|服务部|项目部|办事处|代表处|连锁店|加盟店|专卖店|[第0-9一二三四五六七八九十]+[店厂])(\(.*\))?$"
)


def is_branch(normalised_name: pl.Expr) -> pl.Expr:
    """Say whether normalised names end as a branch's does; null is none."""
    return normalised_name.str.contains(BRANCH).fill_null(value=False)
