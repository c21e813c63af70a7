"""Where the text of a scalar stands, and which YAML is refused."""

import pytest

from enterprise_data.declarations.problems import ProblemsFound
from enterprise_data.declarations.strict_yaml import parse


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("a: word", 1, 4),
        ("a: 'word'", 1, 5),
        ('a: "word"', 1, 5),
        ("a: >-\n  word", 2, 3),
        ("a: |\n     word\n     more", 2, 6),
        ("a: >\n\n\n   word", 4, 4),
        ("中文: {b: 1}\na: word", 2, 4),
    ],
)
def test_where_a_text_begins(text: str, line: int, column: int) -> None:
    place = parse(text.encode(), "f.yaml").text_place("a")
    assert (place.line, place.column) == (line, column)


@pytest.mark.parametrize(
    ("text", "value", "laid_out"),
    [
        ("a: >-\n  one\n  two\n", "one two", "one\ntwo"),
        ("a: >\n  one\n  two\n\n  three\n", "one two\nthree\n", "one\ntwo\nthree\n"),
        ("a: |\n  one\n  two\n", "one\ntwo\n", None),
        ("a: one\n  two\n", "one two", None),
        ("a: 'one'\n", "one", None),
    ],
)
def test_folded_text_keeps_its_lines_for_messages(text: str, value: str, laid_out: str | None) -> None:
    document = parse(text.encode(), "f.yaml")
    assert document.data == {"a": value}
    assert document.text_as_laid_out("a") == laid_out


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("a: &x 1\nb: *x\n", ["1:4", "2:4"]),
        ("a: &x [*x]\n", ["1:4", "1:8"]),
        ("- &a 1\n- [*a, {k: *a}]\n", ["1:3", "2:4", "2:12"]),
        ("{&k a: 1}\n", ["1:2"]),
    ],
)
def test_anchors_and_aliases_are_refused_each_at_its_place(text: str, places: list[str]) -> None:
    with pytest.raises(ProblemsFound) as caught:
        parse(text.encode(), "f.yaml")
    assert [(p.code, str(p.place)) for p in caught.value.problems] == [("YAML005", f"f.yaml:{at}") for at in places]


def test_aliases_that_multiply_are_refused_at_once() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 30)]
    with pytest.raises(ProblemsFound, match="YAML005"):
        parse("\n".join(lines).encode(), "f.yaml")
