"""A notice to test with; its policies, firms and telephones are made up."""

from __future__ import annotations

from datetime import date

from enterprise_data.codes.uscc import check_character
from payouts.notice_lists.notice import Notice, NoticeItem


def code(number: int) -> str:
    """Return a credit code of the sample region."""
    body = f"91999900MA{number:07d}"
    return body + check_character(body)


POLICIES = [
    {
        "policy_id": "sample-hightech",
        "policy_title": "样例市首次认定高新技术企业奖励",
        "document": "样例政发〔2023〕1号",
        "clause": "第三条第（一）项",
        "department": "样例市科学技术局",
        "phone": "0000-1000001",
    },
    {
        "policy_id": "sample-growth",
        "policy_title": "样例市工业企业上台阶奖励办法",
        "document": "样例工信〔2024〕8号",
        "clause": "第五条",
        "department": "样例市工业和信息化局",
        "phone": "0000-1000002",
    },
]


def item(number: int, fen: int, policy: int = 0, **changes: str) -> NoticeItem:
    """Return an item of firm `number`."""
    return with_texts(number, fen, POLICIES[policy] | changes)


def with_texts(number: int, fen: int, texts: dict[str, str]) -> NoticeItem:
    """Return an item of firm `number` with these texts, under policy 0 unless they say another."""
    values = {"firm": f"样例市第{number}机械制造有限公司", "uscc": code(number), "item": "", "part": ""}
    return NoticeItem(**(POLICIES[0] | values | texts), amount_fen=fen)


def notice(*items: NoticeItem, ends_on: date = date(2024, 4, 8)) -> Notice:
    """Return a notice of the items."""
    return Notice(
        title="关于2024年度“免申即享”惠企资金（第一批）拟兑付名单的公示",
        issuer="样例市财政局",
        department="样例市财政局企业科",
        phone="0000-1000000",
        address="样例市中心街1号",
        published_on=date(2024, 3, 29),
        ends_on=ends_on,
        working_days=5,
        how_to_object="公示期内，对名单有异议的单位和个人，可以书面向受理部门提出，写明事实和理由。"
        "单位提出的应当加盖公章，个人提出的应当署真实姓名和联系方式。",
        items=items,
    )


PLAIN = notice(
    item(7, 10_000_000),
    item(2, 10_000_000),
    item(2, 123_456_789, 1, item="2023年度产值首次突破1亿元", part="第一期（共两期）"),
    item(11, 30_000_000, 1, firm="样例市中心区老街便民五金店（个体工商户）", item="2023年度新增入库"),
)
