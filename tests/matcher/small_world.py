"""A small catalogue with every kind of gap, and random firms for it: the world both evaluators must agree on."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from enterprise_data.catalogue.load import Catalogue
from enterprise_data.catalogue.model import DataField, Dataset, FieldType, Grain
from enterprise_data.periods import Period
from matcher.coverage import Feed
from matcher.interpreter.rows import FirmRows

AS_OF = date(2024, 12, 31)
PERIODS = ("2021", "2022", "2023", "2024")
DAYS = tuple(
    date.fromisoformat(day)
    for day in [
        "2019-12-31",
        "2020-02-29",
        "2021-12-31",
        "2022-01-01",
        "2022-02-28",
        "2023-03-31",
        "2023-12-31",
        "2024-01-01",
        "2024-01-31",
        "2024-02-29",
        "2024-03-31",
        "2024-12-30",
        "2024-12-31",
        "2025-01-01",
    ]
)
REGIONS = ("370000", "370200", "370202", "370213", "370600", "370602", "320100", "110101")
INDUSTRIES = ("C", "C27", "C271", "C2710", "C2720", "C30", "I65", "A01")
MONEY: Mapping[str, Any] = {"type": "money", "unit": "元", "range": ["-100000000", "1000000000000"]}


def _dataset(name: str, grain: str, fields: Mapping[str, Mapping[str, Any]], **more: Any) -> Dataset:
    key = {} if grain == "region" else {"key": ["uscc"]}
    entry = {
        "dataset": name,
        "title": {"zh": f"{name}表"},
        "department": "某局",
        "grain": grain,
        **key,
        **more,
    }
    entry["fields"] = {name: {"label": f"{name}项", **field} for name, field in fields.items()}
    return Dataset.model_validate(entry)


_EVENT: Mapping[str, Mapping[str, Any]] = {
    "on_day": {"type": "date"},
    "level": {"type": "code", "values": ["一般", "重大"]},
    "fine": {"type": "money", "unit": "元", "range": ["0", "1000000000"]},
    "gain": MONEY,
    "score": {"type": "number", "digits": 2, "range": ["-1000", "1000"]},
    "open": {"type": "boolean"},
}
CATALOGUE = Catalogue(
    {
        dataset.dataset: dataset
        for dataset in (
            _dataset(
                "reg",
                "firm",
                {
                    "region": {"type": "region"},
                    "industry": {"type": "industry"},
                    "founded": {"type": "date"},
                    "capital": MONEY,
                    "active": {"type": "boolean"},
                },
                role="register",
            ),
            _dataset(
                "tax",
                "period",
                {
                    "revenue": MONEY,
                    "rate": {"type": "share", "unit": "1", "digits": 4, "range": ["-100", "100"]},
                    "staff": {"type": "count", "unit": "人", "range": ["0", "1000000"]},
                },
                period="year",
                absence="none",
            ),
            _dataset(
                "ins",
                "period",
                {
                    "paid": {"type": "boolean"},
                    "staff": {"type": "count", "unit": "人", "range": ["0", "1000000"]},
                },
                period="month",
                absence="none",
                covers={"from": "2023-06-01"},
            ),
            _dataset("open", "period", {"paid": {"type": "boolean"}, "fee": MONEY}, period="month", absence="unknown"),
            _dataset(
                "area",
                "period",
                {"paid": {"type": "boolean"}, "fee": MONEY},
                period="month",
                absence="none",
                covers={"region": "青岛市"},
            ),
            _dataset("pen", "event", _EVENT, dated_by="on_day", absence="none", covers={"from": "2022-01-01"}),
            _dataset("all", "event", _EVENT, dated_by="on_day", absence="none"),
            _dataset("rec", "event", _EVENT, dated_by="on_day", absence="unknown"),
            _dataset("stale", "event", _EVENT, dated_by="on_day", absence="none", max_age="10 days"),
            _dataset("never", "event", _EVENT, dated_by="on_day", absence="none"),
            _dataset("local", "event", _EVENT, dated_by="on_day", absence="none", covers={"region": "青岛市"}),
            _dataset("part", "event", _EVENT, dated_by="on_day", absence="none", covers={"complete": "false"}),
            _dataset(
                "city",
                "region",
                {"home": {"type": "region"}, "rate": {"type": "share", "unit": "1", "range": ["-1", "1"]}},
                period="year",
            ),
        )
    }
)
FEEDS = {name: Feed(date(2024, 12, 1) if name == "stale" else AS_OF) for name in CATALOGUE.datasets if name != "never"}


def value_of(field: DataField, rnd: random.Random) -> Any:
    """Return a random value at rest, from few enough that boundaries are met; often missing."""
    if rnd.random() < 0.2:
        return None
    match field.type:
        case FieldType.MONEY | FieldType.COUNT:
            low, high = field.range or (0, 1)
            fen = 100 if field.type is FieldType.MONEY else 1
            options = [0, 1, 2, 3, 100, 300, 33333, int(high) * fen, int(low) * fen, -100, -1]
            return rnd.choice([x for x in options if int(low) * fen <= x <= int(high) * fen])
        case FieldType.SHARE | FieldType.NUMBER:
            return Decimal(rnd.choice(["0", "0.1", "0.3", "-0.1", "1", "0.05"])).quantize(
                Decimal(1).scaleb(-field.digits)
            )
        case FieldType.DATE:
            return rnd.choice(DAYS)
        case FieldType.BOOLEAN:
            return rnd.random() < 0.5
        case FieldType.REGION:
            return rnd.choice(REGIONS)
        case FieldType.INDUSTRY:
            return rnd.choice(INDUSTRIES)
        case _:
            return rnd.choice(field.values)


def _periods(dataset: Dataset, rnd: random.Random) -> list[date]:
    if dataset.grain not in (Grain.PERIOD, Grain.REGION):
        return []
    texts = PERIODS if dataset.period == "year" else [f"{y}-{m:02d}" for y in (2023, 2024) for m in range(1, 13)]
    share = rnd.choice([0.3, 0.9, 1.0])
    return [Period.parse(text).first_day for text in texts if rnd.random() < share]


def rows_for(dataset: Dataset, rnd: random.Random) -> list[dict[str, Any]]:
    """Return random rows of one firm for a dataset; some only may be the firm's (`belongs` is None)."""

    def row(**fixed: Any) -> dict[str, Any]:
        values = {name: value_of(field, rnd) for name, field in dataset.fields.items()}
        return {**values, "belongs": None if rnd.random() < 0.15 else True, **fixed}

    if dataset.grain is Grain.FIRM:
        return [row() for _ in range(rnd.choice([0, 1, 1, 1, 2]))]
    if dataset.grain is Grain.PERIOD:
        rows = [row(period=period) for period in _periods(dataset, rnd)]
        return rows + [row(period=r["period"], belongs=None) for r in rows if rnd.random() < 0.05]
    return [row() for _ in range(rnd.choice([0, 0, 1, 2, 3, 5]))]


def city_rows(rnd: random.Random) -> list[dict[str, Any]]:
    """Return reference rows of a few regions, at most one a region and year."""
    dataset = CATALOGUE.datasets["city"]
    return [
        {"home": home, "rate": value_of(dataset.fields["rate"], rnd), "period": period}
        for home in ("370000", "370200", "370202", "320000")
        for period in _periods(dataset, rnd)
    ]


def firms(rnd: random.Random, number: int) -> list[FirmRows]:
    """Return random firms; all share the reference rows of regions."""
    reference = city_rows(rnd)
    result = []
    for _ in range(number):
        rows: dict[str, Sequence[Mapping[str, Any]]] = {
            name: rows_for(dataset, rnd)
            for name, dataset in CATALOGUE.datasets.items()
            if name in FEEDS and dataset.grain is not Grain.REGION
        }
        result.append(FirmRows(rnd.choice([*REGIONS, None]), {**rows, "city": reference}))
    return result
