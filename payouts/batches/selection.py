"""Which entitlements a plan looks at; nothing named means all of them."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator
from sqlalchemy import ColumnElement, and_, true

from enterprise_data.declarations.schema import Declared
from payouts.ledger.tables import entitlement


def _once_each(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(set(words)))


_Words = Annotated[tuple[str, ...], AfterValidator(_once_each)]


class Selection(Declared):
    """Policies by id, periods as the ledger has them (`2024`), firms by code; each narrows the others."""

    policies: _Words = ()
    periods: _Words = ()
    firms: _Words = ()

    def where(self) -> ColumnElement[bool]:
        """Return the condition on `entitlement`."""
        named = (
            (entitlement.c.policy, self.policies),
            (entitlement.c.period, self.periods),
            (entitlement.c.uscc, self.firms),
        )
        return and_(true(), *(column.in_(words) for column, words in named if words))
