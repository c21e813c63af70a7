"""What the words of a policy give away: judgement that no data replace, and offers that distort competition.

Readiness (免申即享 admission): a policy whose wording leaves a decision to a person is never automatic.
Fair competition: 《公平竞争审查条例》（国务院令第783号，2024）, articles 9 (keeping firms from moving away)
and 10 (selective financial rewards, such as those reckoned by what a firm contributes to local revenue).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from enterprise_data.catalogue.load import Catalogue
from enterprise_data.declarations.problems import Problem
from enterprise_data.declarations.strict_yaml import Document, YamlPath
from policies.model import Status
from policies.policy import Policy

_JUDGEMENT = re.compile(
    "择优|一事一议|一企一策|酌情|视情况?|综合评定|集体研究|适当(?:给予|予以)"
    r"|最高(?:不超过)?(?=\d)"  # 最高50万元 leaves the amount open
)
_CONTRIBUTION = re.compile(
    "地方(?:财政|经济|税收|综合)?贡献|(?:税收|经济|财政|财力)贡献|地方(?:留成|财力)|[省市区县]级留成"
)
_STAYING = re.compile("[不未](?:得|再|能)?外?迁[出离移址]|不得?(?:变更|改变)(?:注册地|纳税地)")


def check_wording(
    policies: Mapping[str, Policy], documents: Mapping[str, Document], catalogue: Catalogue
) -> Iterator[Problem]:
    """Yield what the texts of policies in force or in draft give away, each at its words."""
    contributions = _contributions(catalogue)
    for name, policy in sorted(policies.items()):
        if policy.status in (Status.REPEALED, Status.SUSPENDED):
            continue
        document = documents[name]
        yield from judgement(policy, document)
        for path, text in _texts(document.data, ()):
            if word := _STAYING.search(text):
                message = f"`{word[0]}` keeps firms from moving away (公平竞争审查条例第九条)"
                help_text = "leave the promise out, or name the law that allows it in `note`"
                yield Problem("POL142", message, document.place(*path), help_text, "warning")
        yield from _by_contribution(document, contributions)


def judgement(policy: Policy, document: Document) -> Iterator[Problem]:
    """Yield the words of a policy said to be automatic that leave a decision to a person."""
    for path, text in _texts(document.data, ()) if policy.automatic else ():
        if word := _JUDGEMENT.search(text):
            message = f"`{word[0]}` leaves a decision to a person, so the policy is never automatic"
            help_text = "write `automatic: false` and the `reason`, or state exact criteria and amounts"
            yield Problem("POL131", message, document.place(*path), help_text)


def _by_contribution(document: Document, fields: tuple[str, ...]) -> Iterator[Problem]:
    """Yield once for an award that is reckoned by local revenue, at the first place that shows it."""
    award = document.data.get("award") if isinstance(document.data, dict) else None
    for path, text, is_text in _values(award, ("award",)):
        words = _CONTRIBUTION.search(text) if is_text else None
        if words or (not is_text and any(field in text for field in fields)):
            what = words[0] if words else next(field for field in fields if field in text)
            message = f"the amount is reckoned by `{what}`, what a firm contributes locally (公平竞争审查条例第十条)"
            help_text = "reckon it by what the firm does (investment, jobs, research), or name the law that allows it"
            yield Problem("POL141", message, document.place(*path), help_text, "warning")
            return


def _contributions(catalogue: Catalogue) -> tuple[str, ...]:
    """Return `dataset.field` of every field whose label is about what firms contribute locally."""
    return tuple(
        f"{name}.{field}"
        for name, dataset in catalogue.datasets.items()
        for field, declared in dataset.fields.items()
        if _CONTRIBUTION.search(declared.label)
    )


def _texts(value: Any, path: YamlPath) -> Iterator[tuple[YamlPath, str]]:
    """Yield the texts for people that belong to the rule: title, conditions, tiers; not notes and reasons."""
    if not isinstance(value, dict):
        return
    title = value.get("title")
    if isinstance(title, dict) and isinstance(title.get("zh"), str):
        yield ("title", "zh"), title["zh"]
    for key in ("conditions", "award"):
        yield from ((at, text) for at, text, is_text in _values(value.get(key), (*path, key)) if is_text)


def _values(value: Any, path: YamlPath) -> Iterator[tuple[YamlPath, str, bool]]:
    """Yield every text below a value, and whether it is one for people."""
    if isinstance(value, str):
        yield path, value, bool(path) and path[-1] == "text"
    elif isinstance(value, dict | list):
        parts = value.items() if isinstance(value, dict) else enumerate(value)
        for key, part in parts:
            yield from _values(part, (*path, key))
