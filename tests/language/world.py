"""A small catalogue for the language's tests: one dataset of every grain and every kind of period."""

from __future__ import annotations

from typing import Any

from enterprise_data.catalogue.load import Catalogue
from enterprise_data.catalogue.model import Dataset
from enterprise_data.declarations.problems import Place, Problem, ProblemsFound
from enterprise_data.periods import PeriodKind
from policies.language.compile import compile_expression, format_expression
from policies.language.scope import ParameterSignature, Scope
from policies.language.terms import BOOL, Kind, Term, Type


def _dataset(name: str, zh: str, grain: str, fields: dict[str, Any], **more: Any) -> Dataset:
    entry = {"dataset": name, "title": {"zh": zh}, "department": "某局", "grain": grain, "fields": fields, **more}
    return Dataset.model_validate({"key": [] if grain == "region" else ["uscc"], **entry})


def _money(label: str) -> dict[str, str]:
    return {"type": "money", "unit": "元", "label": label}


_DATASETS = (
    _dataset(
        "firms",
        "企业登记",
        "firm",
        {
            "region": {"type": "region", "label": "所在地"},
            "industry": {"type": "industry", "label": "行业代码"},
            "founded_on": {"type": "date", "label": "成立日期"},
            "status": {"type": "code", "label": "状态", "values": ["存续", "吊销", "注销"]},
            "private": {"type": "boolean", "label": "民营"},
            "name_zh": {"type": "text", "label": "企业名"},
        },
        role="register",
    ),
    _dataset(
        "tax",
        "税务",
        "period",
        {
            "revenue": _money("销售收入"),
            "paid": _money("纳税额"),
            "rate": {"type": "share", "unit": "%", "label": "税负率"},
            "months": {"type": "count", "unit": "个月", "label": "申报月数"},
        },
        period="year",
    ),
    _dataset("output", "产值", "period", {"value": _money("总产值")}, period="quarter"),
    _dataset(
        "staff",
        "社保",
        "period",
        {
            "heads": {"type": "count", "unit": "人", "label": "人数"},
            "paid_up": {"type": "boolean", "label": "足额"},
        },
        period="month",
    ),
    _dataset(
        "penalties",
        "处罚",
        "event",
        {
            "level": {"type": "code", "label": "程度", "values": ["一般", "重大"]},
            "fine": _money("罚款"),
            "decided_on": {"type": "date", "label": "决定日期"},
            "until": {"type": "date", "label": "有效期至"},
            "first_time": {"type": "boolean", "label": "首次"},
            "region": {"type": "region", "label": "处罚地"},
            "items": {"type": "count", "unit": "件", "label": "件数"},
        },
        dated_by="decided_on",
    ),
    _dataset("undated", "无日期", "event", {"note": {"type": "text", "label": "备注"}}),
    _dataset(
        "city",
        "城市",
        "region",
        {"region": {"type": "region", "label": "区划"}, "growth_rate": {"type": "share", "unit": "%", "label": "增幅"}},
        period="year",
    ),
)

CATALOGUE = Catalogue({dataset.dataset: dataset for dataset in _DATASETS})
SCOPE = Scope(
    CATALOGUE,
    PeriodKind.YEAR,
    definitions={"is_sme": BOOL, "size": Type(Kind.TEXT, values=("大型", "小型")), "ratio": Type(Kind.NUMBER)},
    parameters={
        "goal": ParameterSignature(Type(Kind.SHARE)),
        "wage": ParameterSignature(Type(Kind.MONEY), Kind.REGION),
        "limit": ParameterSignature(Type(Kind.MONEY), Kind.NUMBER),
        "by_trade": ParameterSignature(Type(Kind.MONEY), Kind.INDUSTRY),
    },
)
PLACE = Place("policy.yaml", 3, 11)


def term(text: str, scope: Scope = SCOPE, expect: Type | None = None) -> Term:
    """Compile an expression of the small world."""
    return compile_expression(text, PLACE, scope, expect)


def canonical(text: str, scope: Scope = SCOPE) -> str:
    """Format an expression of the small world."""
    return format_expression(text, scope)


def problems(text: str, scope: Scope = SCOPE, expect: Type | None = None) -> tuple[Problem, ...]:
    """Return the faults of an expression, which must have some."""
    try:
        compile_expression(text, PLACE, scope, expect)
    except ProblemsFound as found:
        return found.problems
    raise AssertionError(f"no fault found in {text!r}")


def codes(text: str, scope: Scope = SCOPE, expect: Type | None = None) -> list[str]:
    """Return the codes of an expression's faults, in the order of their places."""
    return [problem.code for problem in problems(text, scope, expect)]


def marked(text: str, scope: Scope = SCOPE) -> list[str]:
    """Return the characters each fault of a one-line expression points at."""
    starts = [(problem.place.column - PLACE.column, problem.place.length) for problem in problems(text, scope)]
    return [text[start : start + length] for start, length in starts]
