"""Each rule, each veto and each gap, by one row that shows it."""

from datetime import date

import pytest

from enterprise_data.codes.uscc import check_character
from enterprise_data.identity.rules import GAPS, RULES, VETOES
from enterprise_data.identity.rungs import RUNGS
from tests.identity.linking import Firm, Outcome, Row, link_rows
from tests.snapshot.city import uscc

BEFORE, AFTER = date(2015, 5, 5), date(2022, 6, 1)

# A sole trader (个体工商户) that became a firm; the number it had before the unified code, too.
PREDECESSOR = "92370203" + "MA3C12345"
PREDECESSOR += check_character(PREDECESSOR)
TOOK_OVER = (
    (PREDECESSOR, "市北区小山杂货店", date(2017, 5, 1)),
    ("370203600000015", None, date(2017, 5, 1)),
)

REGISTER = (
    Firm(1, "青岛海蓝科技有限公司", "370200000000016"),
    Firm(2, "青岛山青贸易有限公司", former=(("青岛老山贸易有限公司", date(2018, 3, 31)),), took_over=TOOK_OVER),
    Firm(3, "青岛双星有限公司"),
    Firm(4, "青岛双星有限公司"),
    # Took, in 2019, the name that firm 6 gave up in 2016.
    Firm(5, "青岛白云有限公司", former=(("青岛黑土有限公司", date(2019, 1, 1)),)),
    Firm(6, "青岛红日有限公司", former=(("青岛白云有限公司", date(2016, 1, 1)),)),
    Firm(7, "青岛绿洲（集团）有限公司", former=(("青岛绿地有限公司", date(2012, 1, 1), date(2014, 1, 1)),)),
    Firm(8, "青岛海蓝科技有限公司烟台分公司"),
    # The register contradicts itself.
    Firm(9, "青岛甲有限公司"),
    Firm(9, "青岛乙有限公司"),
    Firm(10, "Qingdao Ocean 有限公司", "3702001234567"),
    Firm(11, None),
    Firm(12, "青岛无期有限公司", former=(("青岛不明有限公司", None),)),
    Firm(13, "青岛待定有限公司", doubtful=True),
    Firm(14, "青岛大海运输有限公司第一分公司"),
    Firm(16, "青"),
    Firm(17, "青" * 10_000),
    Firm(18, "（盖章）"),
    # Called 老树 until 2010, 老木 until 2015.
    Firm(
        15, "青岛老林有限公司", former=(("青岛老树有限公司", date(2010, 1, 1)), ("青岛老木有限公司", date(2015, 1, 1)))
    ),
)

WRONG = uscc(1)[:17] + ("0" if uscc(1)[17] != "0" else "1")
ORGANISATION = uscc(1)[8:17]

CASES = {
    "code and name": (Row("青岛海蓝科技有限公司", uscc(1)), Outcome(1, "uscc_and_name")),
    "code and former name, whenever": (
        Row("青岛老山贸易有限公司", uscc(2), day=AFTER),
        Outcome(2, "uscc_and_name"),
    ),
    "code and name in other width": (Row("青岛绿洲(集团)有限公司 ", uscc(7)), Outcome(7, "uscc_and_name")),
    "code alone": (Row(uscc=uscc(3)), Outcome(3, "uscc")),
    "code of a firm whose name the register lacks": (Row("青岛某有限公司", uscc(11)), Outcome(11, "uscc")),
    "code beside a name that no firm bears": (Row("青岛雨经有限公司", uscc(2)), Outcome(2, "uscc")),
    "code decides between bearers of one name": (Row("青岛双星有限公司", uscc(4)), Outcome(4, "uscc_and_name")),
    "code written by a spreadsheet": (Row(uscc=f"'{uscc(3)} "), Outcome(3, "uscc")),
    "code in small full-width letters": (
        Row(uscc="".join(chr(ord(c) + 0xFEE0) for c in uscc(2).lower())),
        Outcome(2, "uscc"),
    ),
    "code in another code's column": (Row(registration_no=uscc(3)), Outcome(3, "uscc")),
    "name beside a code that the register got twice": (Row("青岛甲有限公司", uscc(9)), Outcome(9, "uscc_and_name")),
    "organisation code": (Row(organisation_code=ORGANISATION), Outcome(1, "organisation_code")),
    "organisation code with hyphen, in the USCC's column": (
        Row(uscc=f"{ORGANISATION[:8]}-{ORGANISATION[8]}"),
        Outcome(1, "organisation_code"),
    ),
    "letters for digits, and the name agrees": (
        Row("青岛海蓝科技有限公司", uscc(1).replace("1", "I").replace("0", "O")),
        Outcome(1, "misread_uscc"),
    ),
    "letters for digits in another width, and a former name": (
        Row("青岛老山贸易有限公司", uscc(2).replace("1", "Ｉ")),
        Outcome(2, "misread_uscc"),
    ),
    "code that was given up": (Row("某个体工商户", PREDECESSOR), Outcome(2, "predecessor_code")),
    "registration number that was given up": (Row(registration_no="370203600000015"), Outcome(2, "predecessor_code")),
    "name that was given up with its code": (Row("市北区小山杂货店", day=BEFORE), Outcome(2, "former_name")),
    "registration number": (Row(registration_no="370200000000016"), Outcome(1, "registration_no")),
    "registration number of 13 digits": (Row(registration_no="3702001234567"), Outcome(10, "registration_no")),
    "name": (Row("青岛海蓝科技有限公司"), Outcome(1, "name")),
    "name with spaces, width, case": (Row("ＱＩＮＧＤＡＯ ocean\u200b有限公司"), Outcome(10, "name")),
    "name of a branch that the register has": (Row("青岛海蓝科技有限公司烟台分公司"), Outcome(8, "name")),
    "name of a doubtful register row": (Row("青岛待定有限公司"), Outcome(13, "name")),
    "name without a date": (Row("青岛海蓝科技有限公司", day=None), Outcome(1, "name")),
    "former name in its time": (Row("青岛老山贸易有限公司", day=BEFORE), Outcome(2, "former_name")),
    "former name on its last day": (
        Row("青岛老山贸易有限公司", day=date(2018, 3, 31)),
        Outcome(2, "former_name"),
    ),
    "former name on its first day": (Row("青岛绿地有限公司", day=date(2012, 1, 1)), Outcome(7, "former_name")),
    "name taken over, after that": (Row("青岛白云有限公司", day=AFTER), Outcome(5, "name")),
    # --- vetoes
    "code of one firm, name of another": (
        Row("青岛双星有限公司", uscc(1)),
        Outcome(None, "code_and_name_disagree", (1, 3, 4)),
    ),
    "organisation code of one firm, name of another": (
        Row("青岛山青贸易有限公司", organisation_code=ORGANISATION),
        Outcome(None, "code_and_name_disagree", (1, 2)),
    ),
    "valid code that the register lacks": (
        Row("青岛海蓝科技有限公司", uscc(99)),
        Outcome(None, "code_not_in_register", (1,)),
    ),
    "organisation code that the register lacks": (
        Row("青岛海蓝科技有限公司", organisation_code="D2143569X"),
        Outcome(None, "code_not_in_register", (1,)),
    ),
    "registration number that the register lacks": (
        Row("青岛山青贸易有限公司", registration_no="370200000000021"),
        Outcome(None, "code_not_in_register", (2,)),
    ),
    "mistyped code beside a right name": (
        Row("青岛海蓝科技有限公司", WRONG),
        Outcome(None, "invalid_code", (1,)),
    ),
    "mistyped code beside a right organisation code": (
        Row(uscc=WRONG, organisation_code=ORGANISATION),
        Outcome(None, "invalid_code", (1,)),
    ),
    "letters for digits, and no name": (
        Row(uscc=uscc(1).replace("1", "I")),
        Outcome(None, "invalid_code", (1,)),
    ),
    "letters for digits, and another firm's name": (
        Row("青岛双星有限公司", uscc(1).replace("1", "I")),
        Outcome(None, "invalid_code", (1, 3, 4)),
    ),
    "code that was given up, name of another firm": (
        Row("青岛海蓝科技有限公司", PREDECESSOR),
        Outcome(None, "code_and_name_disagree", (1, 2)),
    ),
    "code of the branch on its parent's row": (
        Row("青岛大海运输有限公司", uscc(14)),
        Outcome(None, "code_of_branch", (14,)),
    ),
    "two codes of two firms": (
        Row(uscc=uscc(2), organisation_code=ORGANISATION),
        Outcome(None, "codes_disagree", (1, 2)),
    ),
    "registration number of another firm": (
        Row(uscc=uscc(2), registration_no="370200000000016"),
        Outcome(None, "codes_disagree", (1, 2)),
    ),
    "code of the parent on a branch's row": (
        Row("青岛海蓝科技有限公司即墨分公司", uscc(1)),
        Outcome(None, "code_of_parent", (1,)),
    ),
    "code of the parent on a shop's row": (
        Row("青岛山青贸易有限公司深江经营部", uscc(2)),
        Outcome(None, "code_of_parent", (2,)),
    ),
    "a stamp is no branch": (Row("青岛山青贸易有限公司（盖章）", uscc(2)), Outcome(2, "uscc_and_name")),
    # --- gaps
    "two codes in one row": (
        Row(uscc=uscc(2), registration_no=uscc(3)),
        Outcome(None, "ambiguous_code", (2, 3)),
    ),
    "mistyped code alone": (Row(uscc=WRONG), Outcome(None, "invalid_code")),
    "a word where a code should be": (Row("青岛海蓝科技有限公司", "无"), Outcome(None, "invalid_code", (1,))),
    "unknown code alone": (Row(uscc=uscc(99)), Outcome(None, "code_not_in_register")),
    "name of two firms": (Row("青岛双星有限公司"), Outcome(None, "ambiguous_name", (3, 4))),
    "name of one firm now, of another then": (
        Row("青岛白云有限公司", day=BEFORE),
        Outcome(None, "ambiguous_name", (5, 6)),
    ),
    "name that nobody bore on that day": (
        Row("青岛白云有限公司", day=date(2017, 1, 1)),
        Outcome(None, "uncertain_name", (5, 6)),
    ),
    "name that the register disputes": (Row("青岛乙有限公司"), Outcome(None, "uncertain_name", (9,))),
    "former name of unknown end": (Row("青岛不明有限公司"), Outcome(None, "uncertain_name", (12,))),
    "former name without a date": (
        Row("青岛老山贸易有限公司", day=None),
        Outcome(None, "uncertain_name", (2,)),
    ),
    "former name after its time": (
        Row("青岛老山贸易有限公司", day=AFTER),
        Outcome(None, "former_name_out_of_date", (2,)),
    ),
    "former name before its time": (
        Row("青岛绿地有限公司", day=date(2011, 12, 31)),
        Outcome(None, "former_name_out_of_date", (7,)),
    ),
    "second former name in its time": (Row("青岛老木有限公司", day=date(2012, 1, 1)), Outcome(15, "former_name")),
    "second former name in the first one's time": (
        Row("青岛老木有限公司", day=date(2009, 1, 1)),
        Outcome(None, "former_name_out_of_date", (15,)),
    ),
    "branch that the register lacks": (Row("青岛双星有限公司分公司"), Outcome(None, "unknown_name")),
    "one character away": (Row("青岛海篮科技有限公司"), Outcome(None, "unknown_name")),
    "one character, which the register has, too": (Row("青"), Outcome(None, "unknown_name")),
    "ten thousand characters, which the register has, too": (Row("青" * 10_000), Outcome(None, "unknown_name")),
    "nothing but a stamp, which the register has, too": (Row("（盖章）"), Outcome(None, "no_key")),
    "nothing at all": (Row(), Outcome(None, "no_key")),
    "nothing that can be seen": (Row("\u200b　\x00", " - "), Outcome(None, "no_key")),
    # --- doubtful rows never count surely
    "doubtful row of a known firm": (
        Row("青岛海蓝科技有限公司", uscc(1), doubtful=True),
        Outcome(None, "rejected_when_loaded", (1,)),
    ),
    "doubtful row of an ambiguous name": (
        Row("青岛双星有限公司", doubtful=True),
        Outcome(None, "rejected_when_loaded", (3, 4)),
    ),
}


@pytest.fixture(scope="module")
def outcomes() -> dict[str, Outcome]:
    return dict(zip(CASES, link_rows(REGISTER, [row for row, _ in CASES.values()]), strict=True))


@pytest.mark.parametrize("case", CASES)
def test_case(case: str, outcomes: dict[str, Outcome]) -> None:
    assert outcomes[case] == CASES[case][1]


def test_every_rule_and_every_reason_is_shown_by_a_case() -> None:
    shown = {outcome.why for _, outcome in CASES.values()} | {rung.name for rung in RUNGS[1:]} | {"branch_of_parent"}
    reasons = {reason.name for reason in (*VETOES, *GAPS)} | {"rejected_when_loaded"}
    assert shown == {rule.name for rule in RULES} | reasons


DECIDED = {
    "a person's link": (Row("海蓝"), 3, Outcome(3, "decided")),
    "a person's link where a rule now agrees": (Row("青岛海蓝科技有限公司"), 1, Outcome(1, "name")),
    "a person's link where a rule now says another": (
        Row("青岛山青贸易有限公司"),
        3,
        Outcome(None, "decision_outdated", (2, 3)),
    ),
    "a person's link to a firm that is gone": (Row("海红"), 99, Outcome(None, "decision_outdated")),
    "no firm of the register": (Row("青岛双星有限公司"), None, Outcome(None, "decided_none")),
    "no firm, but now there is one": (Row("青岛红日有限公司"), None, Outcome(None, "decision_outdated", (6,))),
    "a person's link of a doubtful row": (
        Row("青岛双星 有限公司", doubtful=True),
        4,
        Outcome(None, "rejected_when_loaded", (4,)),
    ),
    "a row like none that was decided": (Row("海兰"), None, Outcome(None, "unknown_name")),
}


def test_what_people_decided_holds_until_the_register_says_otherwise() -> None:
    decided = [(row, firm) for name, (row, firm, _) in DECIDED.items() if "like none" not in name]
    outcomes = link_rows(REGISTER, [row for row, _, _ in DECIDED.values()], decided=decided)
    assert dict(zip(DECIDED, outcomes, strict=True)) == {name: outcome for name, (_, _, outcome) in DECIDED.items()}


def test_a_decision_about_a_name_that_passes_on_is_about_the_days_that_the_person_saw() -> None:
    """Firm 5 took in 2019 the name that firm 6 gave up in 2016; between the two nobody is known to have borne it."""
    name, gap, unknown = "青岛白云有限公司", date(2017, 7, 1), "青岛白云海有限公司"
    rows = [Row(name, day=gap), Row(name, day=AFTER), Row(name, day=date(2018, 1, 1)), Row(unknown, day=AFTER)]
    decided = [(Row(name, day=gap), 6), (Row(unknown, day=gap), 6)]
    assert link_rows(REGISTER, rows, decided=decided) == [
        Outcome(6, "decided"),
        Outcome(5, "name"),
        Outcome(None, "uncertain_name", (5, 6)),
        Outcome(6, "decided"),
    ]


@pytest.mark.parametrize(
    ("known", "listed"),
    [
        ("青岛海丽有限公司平度分公司", "青岛海丽有限公司即墨分公司"),
        ("青岛海丽有限公司第三分店", "青岛海丽有限公司第七分店"),
        ("青岛海丽有限公司", "烟台黑土商贸有限公司"),
    ],
)
def test_a_code_beside_a_name_of_another_branch_number_or_place_links_nothing(known: str, listed: str) -> None:
    assert link_rows([Firm(1, known)], [Row(listed, uscc(1))], propose=True) == [
        Outcome(None, "code_and_name_disagree", (1,))
    ]


def test_a_code_beside_a_wholly_other_name_links_as_after_a_renaming() -> None:
    assert link_rows([Firm(1, "青岛海丽有限公司")], [Row("青岛黑土商贸有限公司", uscc(1))], propose=True) == [
        Outcome(1, "uscc")
    ]


@pytest.mark.parametrize("known", [None, "甲公司"])
@pytest.mark.parametrize("listed", [None, "乙公司"])
def test_a_register_without_any_place_links_by_code_all_the_same(known: str | None, listed: str | None) -> None:
    rows = [Row(listed, uscc(1)), Row(uscc=uscc(1), doubtful=True)]
    linked, doubtful = link_rows([Firm(1, known)], rows)
    assert linked == Outcome(1, "uscc")
    assert doubtful == Outcome(None, "rejected_when_loaded", (1,))


def test_numbers_say_nothing_where_the_register_has_none() -> None:
    row = Row("青岛山青贸易有限公司", registration_no="370200000000021")
    assert link_rows(REGISTER, [row], registration_nos=False) == [Outcome(2, "name")]


def test_an_organisation_code_that_two_firms_share_decides_only_with_the_name() -> None:
    """A firm that moves gets a new USCC around the same organisation code; both may stand in the register."""
    body = f"91370600{ORGANISATION}"
    moved = Firm(21, "烟台新址有限公司", code=body + check_character(body))
    rows = [
        Row(organisation_code=ORGANISATION),
        Row("烟台新址有限公司", organisation_code=ORGANISATION),
        Row("青岛双星有限公司", organisation_code=ORGANISATION),
        Row("青岛山青贸易有限公司", organisation_code=ORGANISATION),
    ]
    assert link_rows([*REGISTER, moved], rows) == [
        Outcome(None, "ambiguous_code", (1, 21)),
        Outcome(21, "name"),
        Outcome(None, "ambiguous_code", (1, 3, 4, 21)),
        Outcome(None, "codes_disagree", (1, 2, 21)),
    ]
