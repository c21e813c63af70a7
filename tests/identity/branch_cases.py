"""Cases of what relations tell of branches (分公司): which rows find a branch, and which never do."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product

from tests.identity.linking import DAY, Firm, Outcome, Relation, Row
from tests.snapshot.city import uscc

RENAMED = date(2018, 3, 31)
BEFORE, AFTER = date(2015, 6, 1), DAY
YANTAI, WUHAN = "370600", "420100"

# 青岛新海有限公司 was 青岛老海有限公司 until 2018. The register has one branch under either name.
PARENT = Firm(1, "青岛新海有限公司", former=(("青岛老海有限公司", RENAMED),))
OLD = Firm(2, "青岛老海有限公司烟台分公司", region=YANTAI)
NEW = Firm(3, "青岛新海有限公司潍坊第一分公司")
OF_OLD, OF_NEW = Relation(2, 1), Relation(3, 1)
LISTED = "青岛新海有限公司烟台分公司"

# What the register has beside the parent; the relations; the row.
Case = tuple[list[Firm], list[Relation], Row]

LINKS: dict[str, tuple[list[Firm], list[Relation], Row, int]] = {
    "the parent's new name": ([OLD], [OF_OLD], Row(LISTED), 2),
    "the parent's old name, in its time": ([NEW], [OF_NEW], Row("青岛老海有限公司潍坊第一分公司", day=BEFORE), 3),
    "traditional script and brackets": ([OLD], [OF_OLD], Row("青島新海有限公司（煙臺分公司）"), 2),
    "责任 added": ([OLD], [OF_OLD], Row("青岛新海有限责任公司烟台分公司"), 2),
    "責任 in the branch's registered name": (
        [replace(OLD, name="青岛老海有限责任公司烟台分公司")],
        [OF_OLD],
        Row(LISTED),
        2,
    ),
    "a number in other digits": ([NEW], [OF_NEW], Row("青岛老海有限公司潍坊第1分公司", day=BEFORE), 3),
    "branches by number": (
        [OLD, replace(OLD, number=4, name="青岛老海有限公司第一分公司"), Firm(5, "青岛老海有限公司第二分公司")],
        [OF_OLD, Relation(4, 1), Relation(5, 1)],
        Row("青岛新海有限公司第二分公司"),
        5,
    ),
    "the list is of the branch's province": ([OLD], [OF_OLD], Row(LISTED, region="370000"), 2),
    "names given, as the register has them": (
        [OLD],
        [replace(OF_OLD, name="青岛老海有限公司烟台分公司", parent_name="青岛新海有限公司")],
        Row(LISTED),
        2,
    ),
    "the parent's former name given": ([OLD], [replace(OF_OLD, parent_name="青岛老海有限公司")], Row(LISTED), 2),
    "the row is told twice": ([OLD], [OF_OLD, OF_OLD], Row(LISTED), 2),
    "another parent before": (
        [OLD, Firm(6, "青岛海外有限公司")],
        [replace(OF_OLD, began_on=date(2016, 1, 1)), Relation(2, 6, ended_on=date(2016, 1, 1))],
        Row(LISTED),
        2,
    ),
    "another of the same place that was closed before": (
        [OLD, Firm(4, "青岛老海有限公司烟台分公司")],
        [replace(OF_OLD, began_on=date(2020, 1, 1)), Relation(4, 1, ended_on=date(2019, 12, 31))],
        Row(LISTED),
        2,
    ),
    "relations tell of a branch in another place that the register lacks": (
        [OLD],
        [OF_OLD, Relation(88, 1, name="青岛新海有限公司潍坊分公司")],
        Row(LISTED),
        2,
    ),
    "relations tell of a subsidiary that the register lacks": (
        [OLD],
        [OF_OLD, Relation(88, 1, kind="全资子公司")],
        Row(LISTED),
        2,
    ),
    "branches of other firms in the same place": (
        [OLD, Firm(6, "青岛海外有限公司"), Firm(7, "青岛海中有限公司烟台分公司")],
        [OF_OLD, Relation(7, 6)],
        Row(LISTED),
        2,
    ),
}

# The same, and the reason with the firms that the row may be.
NEVER: dict[str, tuple[list[Firm], list[Relation], Row, Outcome]] = {
    "no relation": ([OLD], [], Row(LISTED), Outcome(None, "unknown_name")),
    "a subsidiary": ([OLD], [replace(OF_OLD, kind="全资子公司")], Row(LISTED), Outcome(None, "unknown_name")),
    "two branches in one place": (
        [OLD, replace(OLD, number=4)],
        [OF_OLD, Relation(4, 1)],
        Row(LISTED),
        Outcome(None, "ambiguous_name", (2, 4)),
    ),
    "two branches in one place, of one no relation is told": (
        [OLD, replace(OLD, number=4)],
        [OF_OLD],
        Row(LISTED),
        Outcome(None, "ambiguous_name", (2, 4)),
    ),
    "two branches, a 市 apart": (
        [OLD, Firm(4, "青岛老海有限公司烟台市分公司")],
        [OF_OLD, Relation(4, 1)],
        Row(LISTED),
        Outcome(None, "uncertain_name", (2,)),
    ),
    "two branches, a 第 apart": (
        [Firm(2, "青岛老海有限公司第一分公司"), Firm(4, "青岛老海有限公司一分公司")],
        [OF_OLD],
        Row("青岛新海有限公司一分公司"),
        Outcome(None, "uncertain_name", (4,)),
    ),
    "another number": (
        [Firm(2, "青岛老海有限公司第一分公司")],
        [OF_OLD],
        Row("青岛新海有限公司第二分公司"),
        Outcome(None, "unknown_name"),
    ),
    "another place": ([OLD], [OF_OLD], Row("青岛新海有限公司潍坊分公司"), Outcome(None, "unknown_name")),
    "a branch without a place of its own": (
        [Firm(2, "青岛老海有限公司分公司")],
        [OF_OLD],
        Row("青岛新海有限公司分公司"),
        Outcome(None, "uncertain_name", (2,)),
    ),
    "the parent itself": ([OLD], [OF_OLD], Row("青岛新海有限公司烟台公司"), Outcome(None, "unknown_name")),
    "the relation has ended": (
        [OLD],
        [replace(OF_OLD, ended_on=date(2021, 1, 1))],
        Row(LISTED),
        Outcome(None, "former_name_out_of_date", (2,)),
    ),
    "the relation begins later": (
        [OLD],
        [replace(OF_OLD, began_on=date(2023, 1, 1))],
        Row(LISTED),
        Outcome(None, "former_name_out_of_date", (2,)),
    ),
    "the parent did not bear the name yet": (
        [OLD],
        [OF_OLD],
        Row(LISTED, day=BEFORE),
        Outcome(None, "former_name_out_of_date", (2,)),
    ),
    "the parent bore the name no longer": (
        [NEW],
        [OF_NEW],
        Row("青岛老海有限公司潍坊第一分公司", day=AFTER),
        Outcome(None, "former_name_out_of_date", (3,)),
    ),
    "a row without a day": ([OLD], [OF_OLD], Row(LISTED, day=None), Outcome(None, "uncertain_name", (2,))),
    "the list is of another province": (
        [OLD],
        [OF_OLD],
        Row(LISTED, region=WUHAN),
        Outcome(None, "uncertain_name", (2,)),
    ),
    "a parent of equal name elsewhere": (
        [OLD, Firm(6, "青岛新海有限责任公司", region=WUHAN)],
        [OF_OLD],
        Row(LISTED),
        Outcome(None, "uncertain_name", (2,)),
    ),
    "the name was another's before": (
        [OLD, Firm(6, "青岛海外有限公司", former=(("青岛新海有限公司", date(2012, 1, 1)),))],
        [OF_OLD],
        Row(LISTED),
        Outcome(None, "uncertain_name", (2,)),
    ),
    "the branch is registered under a name that its parent is not known to have borne": (
        [Firm(2, "青岛旧海有限公司烟台分公司")],
        [OF_OLD],
        Row(LISTED),
        Outcome(None, "uncertain_name", (2,)),
    ),
    "the parent's name is another's but for 市": (
        [OLD, Firm(6, "青岛市新海有限公司")],
        [OF_OLD],
        Row(LISTED),
        Outcome(None, "uncertain_name", (2,)),
    ),
    "relations have another firm of the parent's name, which the register lacks": (
        [OLD, Firm(6, "青岛百川有限公司莱州分公司")],
        [OF_OLD, Relation(6, 88, parent_name="青岛新海有限公司")],
        Row(LISTED),
        Outcome(None, "uncertain_name", (2,)),
    ),
    "the branch is registered under a name that is now another's": (
        [OLD, Firm(6, "青岛老海有限公司")],
        [OF_OLD],
        Row(LISTED),
        Outcome(None, "uncertain_name", (2,)),
    ),
    "the name of a firm that the parent took over, which had branches of its own": (
        [
            Firm(6, "青岛江海有限公司", took_over=((uscc(88), "青岛旧海有限公司", RENAMED),)),
            Firm(2, "青岛江海有限公司烟台分公司"),
        ],
        [Relation(2, 6)],
        Row("青岛旧海有限公司烟台分公司", day=BEFORE),
        Outcome(None, "uncertain_name", (2,)),
    ),
    "relations tell of a branch of that name that the register lacks": (
        [OLD],
        [OF_OLD, Relation(88, 1, name=LISTED)],
        Row(LISTED),
        Outcome(None, "uncertain_name", (2,)),
    ),
    "the same under the parent's former name, a 市 apart, and without its parent's code": (
        [OLD],
        [OF_OLD, Relation(None, None, name="青岛老海有限公司烟台市分公司")],
        Row(LISTED),
        Outcome(None, "uncertain_name", (2,)),
    ),
    "the same by its own part and its parent's name": (
        [OLD],
        [OF_OLD, Relation(88, None, name="烟台分公司", parent_name="青岛新海有限公司")],
        Row(LISTED),
        Outcome(None, "uncertain_name", (2,)),
    ),
    "relations tell of a branch without a name that the register lacks": (
        [OLD],
        [OF_OLD, Relation(88, 1)],
        Row(LISTED),
        Outcome(None, "uncertain_name", (2,)),
    ),
    "relations give another branch the name that is asked for": (
        [OLD, NEW],
        [OF_OLD, replace(OF_NEW, name=LISTED)],
        Row(LISTED),
        Outcome(None, "uncertain_name", (2,)),
    ),
    "two branches, a 市 apart, of one the parent is told by name": (
        [OLD, Firm(4, "青岛百川有限公司烟台市分公司")],
        [OF_OLD, Relation(4, None, parent_name="青岛新海有限公司")],
        Row(LISTED),
        Outcome(None, "uncertain_name", (2,)),
    ),
    "another branch had the part at that time": (
        [OLD, Firm(4, "青岛老海有限公司济南分公司", former=(("青岛老海有限公司烟台分公司", date(2023, 1, 1)),))],
        [OF_OLD],
        Row(LISTED),
        Outcome(None, "ambiguous_name", (2, 4)),
    ),
    "two branches, a 第 apart in other digits": (
        [Firm(2, "青岛老海有限公司第一分公司"), Firm(4, "青岛老海有限公司1分公司")],
        [OF_OLD, Relation(4, 1)],
        Row("青岛新海有限公司一分公司"),
        Outcome(None, "uncertain_name", (4,)),
    ),
    "two branches, a 市 apart in other script": (
        [OLD, Firm(4, "青岛老海有限公司煙臺市分公司")],
        [OF_OLD, Relation(4, 1)],
        Row(LISTED),
        Outcome(None, "uncertain_name", (2,)),
    ),
    "two parents at once": (
        [OLD, Firm(6, "青岛海外有限公司")],
        [OF_OLD, Relation(2, 6)],
        Row(LISTED),
        Outcome(None, "uncertain_name", (2,)),
    ),
    "branch and subsidiary at once": (
        [OLD],
        [OF_OLD, replace(OF_OLD, kind="全资子公司")],
        Row(LISTED),
        Outcome(None, "uncertain_name", (2,)),
    ),
    "the parent by name only": (
        [OLD],
        [Relation(2, None, parent_name="青岛新海有限公司")],
        Row(LISTED),
        Outcome(None, "uncertain_name", (2,)),
    ),
    "the parent's code is not in the register": (
        [OLD],
        [Relation(2, 99, parent_name="青岛新海有限公司")],
        Row(LISTED),
        Outcome(None, "uncertain_name", (2,)),
    ),
    "the parent's code is mistyped": (
        [OLD],
        [Relation(2, "91370200000000001X", parent_name="青岛新海有限公司")],
        Row(LISTED),
        Outcome(None, "uncertain_name", (2,)),
    ),
    "code and name of the parent disagree": (
        [OLD],
        [replace(OF_OLD, parent_name="青岛海外有限公司")],
        Row(LISTED),
        Outcome(None, "uncertain_name", (2,)),
    ),
    "code and name of the branch disagree": (
        [OLD],
        [replace(OF_OLD, name="青岛老海有限公司潍坊分公司")],
        Row(LISTED),
        Outcome(None, "uncertain_name", (2,)),
    ),
    "both ends the same": ([OLD], [Relation(2, 2)], Row(LISTED), Outcome(None, "unknown_name")),
    "a parent for its own branch": ([OLD], [Relation(1, 2)], Row(LISTED), Outcome(None, "unknown_name")),
    "the code of the branch is not in the register": (
        [OLD],
        [Relation(98, 1)],
        Row(LISTED),
        Outcome(None, "unknown_name"),
    ),
    "ended before it began": (
        [OLD],
        [replace(OF_OLD, began_on=date(2022, 1, 1), ended_on=date(2012, 1, 1))],
        Row(LISTED),
        Outcome(None, "uncertain_name", (2,)),
    ),
    "no day on which it began": (
        [OLD],
        [replace(OF_OLD, began_on=None)],
        Row(LISTED),
        Outcome(None, "uncertain_name", (2,)),
    ),
    "the row of relations was rejected when loaded": (
        [OLD],
        [replace(OF_OLD, doubtful=True)],
        Row(LISTED),
        Outcome(None, "uncertain_name", (2,)),
    ),
    "the register's rows disagree on the branch's name": (
        [OLD, replace(OLD, name="青岛老海有限公司潍坊分公司")],
        [OF_OLD],
        Row(LISTED),
        Outcome(None, "uncertain_name", (2,)),
    ),
    "a mistyped code beside it": (
        [OLD],
        [OF_OLD],
        Row(LISTED, uscc="91370200000000001X"),
        Outcome(None, "invalid_code", (2,)),
    ),
    "a code that the register lacks": (
        [OLD],
        [OF_OLD],
        Row(LISTED, uscc="97"),
        Outcome(None, "code_not_in_register", (2,)),
    ),
    "the code of the parent": (
        [OLD],
        [OF_OLD],
        Row(LISTED, uscc="1"),
        Outcome(None, "code_of_parent", (1, 2)),
    ),
    "the code of the parent beside the registered name": (
        [OLD],
        [OF_OLD],
        Row("青岛老海有限公司烟台分公司", uscc="1"),
        Outcome(None, "code_of_parent", (1, 2)),
    ),
    "the code of the branch, the name of the parent": (
        [OLD],
        [OF_OLD],
        Row("青岛新海有限公司", uscc="2"),
        Outcome(None, "code_of_branch", (1, 2)),
    ),
    "the same before the relation began": (
        [OLD],
        [replace(OF_OLD, began_on=date(2023, 1, 1))],
        Row("青岛新海有限公司", uscc="2"),
        Outcome(None, "code_and_name_disagree", (1, 2)),
    ),
    "a misread code of the branch, the relation open": (
        [OLD],
        [replace(OF_OLD, began_on=None)],
        Row(LISTED, uscc="-2"),
        Outcome(None, "invalid_code", (2,)),
    ),
    "the code of a branch in another place, the relation open": (
        [Firm(2, "潍坊老海有限公司烟台分公司")],
        [Relation(2, None, parent_name="青岛新海有限公司")],
        Row(LISTED, uscc="2"),
        Outcome(None, "code_and_name_disagree", (2,)),
    ),
    "the code of another branch": (
        [OLD, NEW],
        [OF_OLD, OF_NEW],
        Row(LISTED, uscc="3"),
        Outcome(None, "code_and_name_disagree", (2, 3)),
    ),
    "another firm is called so but for 市": (
        [OLD, Firm(4, "青岛市新海有限公司烟台分公司")],
        [OF_OLD],
        Row(LISTED),
        Outcome(None, "ambiguous_name", (2, 4)),
    ),
}

# A row that was linked, or that is, without any relation: relations change nothing about it.
SAME: dict[str, tuple[list[Firm], list[Relation], Row, Outcome]] = {
    "another firm is registered so": ([OLD, Firm(4, LISTED)], [OF_OLD], Row(LISTED), Outcome(4, "name")),
    "another firm was called so": (
        [OLD, Firm(4, "青岛海上有限公司", former=((LISTED, date(2024, 1, 1)),))],
        [OF_OLD],
        Row(LISTED),
        Outcome(4, "former_name"),
    ),
    "another firm is called so but for 市, the relation open": (
        [OLD, Firm(4, "青岛市新海有限公司烟台分公司")],
        [replace(OF_OLD, began_on=None)],
        Row(LISTED),
        Outcome(4, "place"),
    ),
    "the branch's registered name": ([OLD], [OF_OLD], Row("青岛老海有限公司烟台分公司"), Outcome(2, "name")),
    "a misread code beside the parent's name of the day": (
        [OLD],
        [OF_OLD],
        Row(LISTED, uscc="-2"),
        Outcome(2, "misread_uscc"),
    ),
    "the branch's code beside its parent's name of the day": (
        [OLD],
        [OF_OLD],
        Row(LISTED, uscc="2"),
        Outcome(2, "uscc_and_name"),
    ),
}

_OWN_WORDS = list(product("昕睿琪婷雯彤妍菲", "曦晗瑜萱琳璐珊娜"))


def apart(case: int, firms: list[Firm], relations: list[Relation], row: Row) -> Case:
    """Return a case with its parent, an own word in place of 海 and numbers of its own: for one register of all."""
    word, offset = "".join(_OWN_WORDS[case]), 100 * case

    def named(name: str | None) -> str | None:
        return name and name.replace("海", word)

    def numbered(code: int | str | None) -> int | str | None:
        return code + offset if isinstance(code, int) else code

    own = [
        replace(
            firm,
            number=firm.number + offset,
            name=named(firm.name),
            former=tuple((past[0].replace("海", word), past[1]) for past in firm.former),
            took_over=tuple((code, named(name), day) for code, name, day in firm.took_over),
        )
        for firm in (PARENT, *firms)
    ]
    told = [
        replace(
            relation,
            firm=numbered(relation.firm),
            parent=numbered(relation.parent),
            name=named(relation.name),
            parent_name=named(relation.parent_name),
        )
        for relation in relations
    ]
    # Short codes are numbers of firms; with a dash, their codes are misread.
    code = uscc(abs(int(row.uscc)) + offset) if row.uscc and len(row.uscc) < 18 else row.uscc
    code = code.replace("1", "I") if code and row.uscc and row.uscc.startswith("-") else code
    return own, told, replace(row, name=named(row.name), uscc=code)
