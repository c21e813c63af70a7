"""Checks of policies before they meet data: transition, expiry, readiness, fair competition; see `docs/lints.md`."""

from __future__ import annotations

from datetime import date

from enterprise_data.catalogue.load import Catalogue
from enterprise_data.declarations.problems import Problem
from policies.expiry import SOON, check_expiry
from policies.load import Reading
from policies.transitions import check_transitions
from policies.wording import check_wording


def lint(reading: Reading, catalogue: Catalogue, as_of: date | None = None, within: int = SOON) -> list[Problem]:
    """Return the findings about every policy that compiles; those of expiry only for a day `as_of`."""
    files = {file.name: file for file in reading.files if file.role == "policy"}
    policies = {policy.id: policy for policy in reading.library.policies}
    documents = {name: file.document for name, file in files.items() if file.document is not None}
    found = [*check_transitions(policies, documents, sorted(files)), *check_wording(policies, documents, catalogue)]
    if as_of is not None:
        found += check_expiry(policies, documents, as_of, within)
    return found
