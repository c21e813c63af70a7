"""What an award needs of the payment history: the dataset it comes from, and the fields it must have."""

from __future__ import annotations

from enterprise_data.catalogue.load import Catalogue
from policies.award_form import AwardForm
from policies.reader import Reader

PAYMENTS = "payments"
FIELDS = ("policy", "family", "fiscal_year", "amount", "paid_on", "recovered_on")


def check_history(form: AwardForm, reader: Reader) -> None:
    """Keep a fault where an award depends on past payments and the catalogue does not declare them."""
    key = _needs_history(form)
    by_item = form.exclusive is not None and form.exclusive.by == "item"
    missing = missing_fields(reader.scope.catalogue, by_item=by_item) if key else ()
    if key and missing:
        message = f"`{key[-1]}` depends on past payments, and the catalogue's `{PAYMENTS}` lacks {', '.join(missing)}"
        help_text = f"declare the dataset `{PAYMENTS}` as the bundled catalogue does"
        reader.problem("POL050", message, ("award", *key), help_text)


def missing_fields(catalogue: Catalogue, *, by_item: bool = False) -> tuple[str, ...]:
    """Return which fields of past payments are not declared; `by_item` needs to know what was paid for."""
    dataset = catalogue.datasets.get(PAYMENTS)
    needed = (*FIELDS, "item") if by_item else FIELDS
    return tuple(name for name in needed if dataset is None or name not in dataset.fields)


def _needs_history(form: AwardForm) -> tuple[str, ...]:
    if form.claim == "once":
        return ("claim",)
    if form.exclusive is not None:
        return ("exclusive",)
    if form.top_up is not None:
        return ("top_up",)
    return ("cap", "lifetime") if form.cap is not None and form.cap.lifetime is not None else ()
