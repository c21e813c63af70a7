"""Firms of the register chosen for rows, and what a row of a list is by default."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from enterprise_data.sample_city.draws import Draws
from synthetic_lists.names import with_names
from synthetic_lists.parts import parts
from synthetic_lists.register import Register


@dataclass(frozen=True)
class Sample:
    """Firms of the register chosen for rows: `frame` has the register's columns, and those of a row with defaults."""

    register: Register
    frame: pl.DataFrame
    draws: Draws

    def parts(self) -> pl.DataFrame:
        """Return the frame with the parts of the firms' names."""
        return parts(self.register.seed, self.frame)

    def rewritten(self, **changes: pl.Expr) -> pl.DataFrame:
        """Return the frame with the text that the parts make after changes."""
        return with_names(self.parts().with_columns(**changes)).with_columns(text="name")
