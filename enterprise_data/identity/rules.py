"""The rules that link a row to its firm, the vetoes that forbid a link, and the reasons for having none.

Each is a predicate in SQL over one row's evidence (`evidence.py`), which has these columns:

    usccs, organisation_codes, registration_nos      how many different codes of a kind the row holds
    faulty_codes       how many codes with a wrong form or check character
    misread_codes      how many USCCs that are right once letters that no USCC has are read as digits
    uscc_firms, organisation_firms, registration_firms, misread_firms   firms of the register that bear those codes
    predecessor_firms  firms that took over from the bearer of one of those codes
    rung, key          the first rung of `rungs.RUNGS` on which any firm bears the row's name, and the equal text;
                       `AS_BRANCH`: on none, but a branch may be called so for its parent's name (`callings.py`)
    bearers            firms that bear the name on that rung, now or formerly, at whatever date
    current_bearers    those that bear it now
    sure_bearers       those that surely bore it at the row's date
    possible_bearers   those and others that may have: a date is missing, the register's rows disagree on the name, or
                       the firm took its current name only after the row's date
    agreeing           those with which the name agrees beside a code: `bearers`, but under `AS_BRANCH` only sure ones
    rivals             where that rung is no spelling of a name: firms that bear or may have borne it on a later one,
                       or bear it on any rung but for what makes a link of it
    form, is_branch    the row's name but for spelling, numerals and 责任; whether it ends as a branch's does
    outer_place        the row's innermost place, `|`, and its name without places
    code_firm_form, code_firm_outer_place, code_firm_is_branch   the same of the firm that the row's best code names
    code_is_of_parent, code_is_of_branch   whether a relation tells that this firm is the parent, or a branch, of one
                       that bears the name, and nothing that it no longer or not yet was on the row's day

To add a rule, write it and put it into `RULES` where its evidence ranks; a rule sees no firm but by equality of a key
that exactly one firm has. To add a way of comparing names, add a rung.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from enterprise_data.identity.rungs import AS_BRANCH, RUNGS

NAME, FORMER_NAME = "name", "former_name"


@dataclass(frozen=True)
class Rule:
    """A rule proposes `firm` for rows where `when` is true; its name is kept with each link it makes."""

    name: str
    when: str
    firm: str


@dataclass(frozen=True)
class Reason:
    """Why a row is not linked: a veto sees the proposing `rule` and its `firm`, a gap sees that there is none."""

    name: str
    when: str


# 统一社会信用代码, and the name is one of that firm's names.
uscc_and_name = Rule("uscc_and_name", "len(uscc_firms) = 1 AND list_contains(agreeing, uscc_firms[1])", "uscc_firms[1]")
# 统一社会信用代码 of a firm, beside no name or one that no firm bears: registers miss some former names.
uscc = Rule("uscc", "len(uscc_firms) = 1", "uscc_firms[1]")
# 组织机构代码, which is part of the firm's USCC.
organisation_code = Rule("organisation_code", "len(organisation_firms) = 1", "organisation_firms[1]")
# 工商注册号, as the register knows it.
registration_no = Rule("registration_no", "len(registration_firms) = 1", "registration_firms[1]")
# 统一社会信用代码 with letters in it that no USCC has, read as the digits they look like, and the name agrees.
misread_uscc = Rule(
    "misread_uscc", "len(misread_firms) = 1 AND list_contains(agreeing, misread_firms[1])", "misread_firms[1]"
)
# A code that was given up: 个转企, merger, reorganisation; the facts follow to the firm that took over.
predecessor_code = Rule(
    "predecessor_code", "usccs <= 1 AND len(uscc_firms) = 0 AND len(predecessor_firms) = 1", "predecessor_firms[1]"
)
_ONE_BEARER = "len(possible_bearers) = 1 AND len(sure_bearers) = 1"
_CURRENT = "list_contains(current_bearers, sure_bearers[1])"


def _of_names() -> tuple[Rule, ...]:
    """One rule a rung: exactly one firm surely bore the name at the row's date, and no other may have.

    On the first rung, where the name is the registered one, a name that the firm has given up since has its own rule.
    """
    exact = Rule(NAME, f"rung = 0 AND {_ONE_BEARER} AND {_CURRENT}", "sure_bearers[1]")
    former = Rule(FORMER_NAME, f"rung = 0 AND {_ONE_BEARER}", "sure_bearers[1]")
    others = (
        Rule(rung.name, f"rung = {index} AND {_ONE_BEARER}", "sure_bearers[1]")
        for index, rung in enumerate(RUNGS)
        if index
    )
    # 分公司: its parent's name on that day with its own part, where a relation tells whose branch it is.
    branch = Rule("branch_of_parent", f"rung = {AS_BRANCH} AND {_ONE_BEARER}", "sure_bearers[1]")
    return (exact, former, *others, branch)


NAME_RULES = _of_names()
CODE_RULES = (uscc, organisation_code, registration_no, predecessor_code)
RULES = (uscc_and_name, uscc, organisation_code, registration_no, misread_uscc, predecessor_code, *NAME_RULES)


def _among(rules: tuple[Rule, ...]) -> str:
    names = ", ".join(f"'{rule.name}'" for rule in rules)
    return f"rule IN ({names})"


def _parent(form: str) -> str:
    return f"nullif(regexp_extract({form}, '^.*?公司'), '')"


def _place(outer_place: str) -> str:
    return f"regexp_extract({outer_place}, '^[^|]*')"


def _own(outer_place: str) -> str:
    return f"regexp_extract({outer_place}, '[^|]*$')"


VETOES = (
    # A code that no firm of the register bears: the row is about a firm that the register lacks.
    Reason(
        "code_not_in_register",
        "rule <> 'predecessor_code'"
        " AND ((usccs > 0 AND len(uscc_firms) = 0) OR (organisation_codes > 0 AND len(organisation_firms) = 0)"
        f" OR ({_among(NAME_RULES)} AND registration_nos > 0 AND len(registration_firms) = 0))",
    ),
    # Two codes that do not belong to one firm.
    Reason(
        "codes_disagree",
        "usccs + misread_codes > 1 OR organisation_codes > 1"
        " OR (len(organisation_firms) > 0 AND NOT list_contains(organisation_firms, firm))"
        " OR (len(registration_firms) > 0 AND NOT list_contains(registration_firms, firm))",
    ),
    # A mistyped code may have been anyone's: weaker evidence must not overrule it.
    Reason(
        "invalid_code",
        "rule NOT IN ('uscc_and_name', 'uscc')"
        " AND (faulty_codes > 0 OR (misread_codes > 0 AND rule <> 'misread_uscc'))",
    ),
    # The name is nobody's own, and another firm's is as good as this one's.
    Reason("ambiguous_name", f"{_among(NAME_RULES)} AND len(list_filter(rivals, lambda f: f <> firm)) > 0"),
    # The code is one firm's, the name that of its branch or parent, as a relation tells.
    Reason("code_of_parent", f"{_among(CODE_RULES)} AND NOT list_contains(bearers, firm) AND code_is_of_parent"),
    Reason("code_of_branch", f"{_among(CODE_RULES)} AND NOT list_contains(bearers, firm) AND code_is_of_branch"),
    # The code is one firm's, the name another's.
    Reason("code_and_name_disagree", f"{_among(CODE_RULES)} AND len(bearers) > 0 AND NOT list_contains(bearers, firm)"),
    # The code is one branch's, the name another's of the same firm; or the firms have neither place nor name in common.
    # A firm that kept its place may have been renamed.
    Reason(
        "code_and_name_disagree",
        f"{_among(CODE_RULES)} AND len(agreeing) = 0 AND ("
        "(is_branch AND code_firm_is_branch AND form <> code_firm_form"
        f" AND {_parent('form')} = {_parent('code_firm_form')})"
        f" OR ({_place('outer_place')} <> {_place('code_firm_outer_place')}"
        f" AND {_own('outer_place')} <> {_own('code_firm_outer_place')}))",
    ),
    # A branch that was given the code of its parent.
    Reason(
        "code_of_parent",
        f"{_among(CODE_RULES)} AND len(agreeing) = 0"
        " AND ((is_branch AND NOT code_firm_is_branch)"
        " OR (starts_with(form, code_firm_form) AND form <> code_firm_form))",
    ),
    # A firm that was given the code of its branch.
    Reason(
        "code_of_branch",
        f"{_among(CODE_RULES)} AND len(agreeing) = 0 AND code_firm_is_branch AND NOT is_branch"
        " AND starts_with(code_firm_form, form)",
    ),
)

GAPS = (
    Reason("ambiguous_code", "len(uscc_firms) + len(organisation_firms) + len(registration_firms) > 1"),
    Reason("invalid_code", "faulty_codes + misread_codes > 0"),
    Reason("code_not_in_register", "usccs + organisation_codes + registration_nos > 0"),
    Reason("ambiguous_name", "len(possible_bearers) > 1"),
    Reason("uncertain_name", "len(possible_bearers) = 1"),
    Reason("former_name_out_of_date", "len(bearers) > 0"),
    Reason("unknown_name", "form IS NOT NULL"),
    Reason("no_key", "TRUE"),
)


def proposal() -> tuple[str, str]:
    """Return in SQL the first `rule` that applies to a row's evidence, and the firm it proposes."""
    firms = dict.fromkeys(rule.firm for rule in RULES)
    proposing = [(_among(tuple(rule for rule in RULES if rule.firm == firm)), firm) for firm in firms]
    return _case((rule.when, f"'{rule.name}'") for rule in RULES), _case(proposing)


def reason() -> str:
    """Return in SQL why a row, with its `rule` and `firm`, is not linked; null: it is."""
    vetoes, gaps = (_case((one.when, f"'{one.name}'") for one in some) for some in (VETOES, GAPS))
    return f"CASE WHEN firm IS NOT NULL THEN {vetoes} ELSE {gaps} END"


def _case(whens: Iterable[tuple[str, str]]) -> str:
    return f"CASE {' '.join(f'WHEN {when} THEN {then}' for when, then in whens)} END"
