from pathlib import Path

from policies.policy import Group, Leaf
from tests.policies.writing import faults, policy, policy_text

NESTED = """\
conditions:
  - {id: a, text: 甲, clause: 第一条, when: "tax.revenue[period] > 0元"}
  - any:
      - {id: b, text: 乙, clause: 第二条, when: "tax.profit[period] > 0元"}
      - all:
          - {id: c, text: 丙, clause: 第三条, when: "tax.assets[period] > 0元"}
          - none: [{id: d, text: 丁, clause: 第四条, when: exists(patents where granted_on during period)}]
    id: either
    text: 二者有其一
"""


def test_groups_keep_their_shape(tmp_path: Path) -> None:
    found = policy(tmp_path, policy_text(conditions=NESTED)).conditions
    assert (found.mode, [type(member) for member in found.members]) == ("all", [Leaf, Group])
    either = found.members[1]
    assert isinstance(either, Group)
    assert (either.mode, either.id, either.text) == ("any", "either", "二者有其一")
    assert [leaf.id for leaf in found.leaves()] == ["a", "b", "c", "d"]
    assert next(found.leaves()).source_text == "tax.revenue[period] > 0元"


def test_ids_are_unique_across_groups(tmp_path: Path) -> None:
    found = faults(
        tmp_path, trial=policy_text(conditions=NESTED.replace("id: d", "id: a").replace("id: either", "id: b"))
    )
    assert [
        "POL004 two conditions have the id `a`" in f or "POL004 two conditions have the id `b`" in f for f in found
    ] == [
        True,
        True,
    ]


def test_a_group_has_exactly_one_way_to_join(tmp_path: Path) -> None:
    both = NESTED.replace("    id: either\n", "    none: [{id: e, text: 戊, clause: 第五条, when: 1元 = 1元}]\n")
    assert "a group has exactly one of `any`, `none`, `all`" in faults(tmp_path, trial=policy_text(conditions=both))[0]


def test_a_typing_slip_inside_a_group_is_suggested(tmp_path: Path) -> None:
    slip = NESTED.replace('clause: 第三条, when: "tax.assets', 'clause: 第三条, wen: "tax.assets')
    found = faults(tmp_path, trial=policy_text(conditions=slip))
    assert [fault.split(" ", 1)[1] for fault in found] == [
        "POL001 `when` is missing / add it",
        "POL001 unknown key `wen` / did you mean `when`?",
    ]


def test_every_fault_of_every_leaf_is_told(tmp_path: Path) -> None:
    broken = NESTED.replace("tax.", "taxx.").replace("patents", "patnts")
    assert [fault.split()[1][:4] for fault in faults(tmp_path, trial=policy_text(conditions=broken))] == ["LANG"] * 4


def test_at_most_fifty_nine_conditions(tmp_path: Path) -> None:
    def text(number: int) -> str:
        leaves = "".join(
            f'  - {{id: c{i}, text: t, clause: c, when: "tax.revenue[period] > {i}元"}}\n' for i in range(number)
        )
        return policy_text(conditions="conditions:\n" + leaves)

    assert faults(tmp_path, trial=text(59)) == []
    assert "POL006 60 conditions; at most 59 are allowed" in faults(tmp_path / "b", trial=text(60))[0]


def test_a_condition_must_be_true_or_false(tmp_path: Path) -> None:
    slip = NESTED.replace("tax.revenue[period] > 0元", "tax.revenue[period]")
    assert "LANG" in faults(tmp_path, trial=policy_text(conditions=slip))[0]
