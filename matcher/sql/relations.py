"""From where a dataset's rows come, and by what they belong to a firm: its number, or the region around it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlglot import exp

from enterprise_data.catalogue.model import Dataset, Grain
from matcher.sql.build import Expr, case, column, named, number, text

FIRMS = "firms"


def table_of(dataset: str) -> str:
    """Return the name under which the rows of a dataset are known to the connection."""
    return f"rows_{dataset}"


@dataclass(frozen=True)
class Relation:
    """Rows as a FROM clause named `table_of(dataset)`, the column they are grouped by, and the firms' it meets."""

    source: Expr
    key: str
    firms_key: str


def relation(dataset: Dataset) -> Relation:
    """Return where the rows of a loaded dataset come from."""
    name = table_of(dataset.dataset)
    if dataset.grain is Grain.REGION:
        return Relation(_rows_around_firms(dataset).subquery(name, copy=False), "firm_region", "region")
    return Relation(exp.to_table(name), "firm_no", "firm_no")


def _rows_around_firms(dataset: Dataset) -> exp.Select:
    """Select, for each region that firms stand in, the rows of the smallest region around it that has any.

    Columns: `firm_region`, `belongs` (TRUE) and those of the dataset.
    """
    home, where = column(str(dataset.home_region), "r"), column("region", "f")
    around = _codes_around(where)
    ranks = ((exp.EQ(this=home.copy(), expression=code), number(rank)) for rank, code in enumerate(around))
    near = case(*ranks)
    firm_regions = exp.select(column("region")).distinct().from_(FIRMS).subquery("f", copy=False)
    partition = [where.copy(), column("period", "r")]
    nearest = exp.Window(this=exp.Min(this=near), partition_by=partition)
    return (
        exp.select(named(where.copy(), "firm_region"), named(exp.true(), "belongs"), "r.*")
        .from_(firm_regions)
        .join(exp.to_table(table_of(dataset.dataset)).as_("r"), on=exp.In(this=home.copy(), expressions=around))
        .qualify(exp.EQ(this=near.copy(), expression=nearest))
    )


def _codes_around(code: Expr) -> list[Expr]:
    """Return the code itself and those of its county, city and province (see the interpreter's `around`)."""
    codes = [code.copy()]
    for digits in (6, 4, 2):
        start = exp.Left(this=code.copy(), expression=number(digits))
        codes.append(exp.Anonymous(this="rpad", expressions=[start, number(6), text("0")]))
    return codes
