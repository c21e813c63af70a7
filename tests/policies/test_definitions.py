from pathlib import Path

import pytest

from policies.language.terms import Definition, Kind
from tests.policies.test_load import DEFINITION
from tests.policies.writing import faults, library, policy_text


def definition(name: str, means: str, **more: str) -> str:
    return DEFINITION.format(name=name, means=means) + "".join(f"{key}: {value}\n" for key, value in more.items())


def test_definitions_may_use_others_in_any_order(tmp_path: Path) -> None:
    found = library(
        tmp_path,
        a=policy_text("a").replace("tax.revenue[period - 1] <= 2亿元", "alpha"),
        definitions__alpha=definition("alpha", "not beta"),
        definitions__beta=definition("beta", "gamma >= 1元"),
        definitions__gamma=definition("gamma", "registration.registered_capital"),
    )
    assert found.definitions["gamma"].term.type.kind is Kind.MONEY
    assert next(found.policies[0].conditions.leaves()).term == Definition(found.definitions["alpha"].term.type, "alpha")
    assert set(found.definition_terms) == {"alpha", "beta", "gamma"}


@pytest.mark.parametrize(
    ("means", "circle"),
    [
        ({"a": "not a"}, "a → a"),
        ({"a": "not b", "b": "not a"}, "a → b → a"),
        ({"a": "not b", "b": "not c", "c": "not b"}, "b → c → b"),
        ({"a": "b or c", "b": "not d", "c": "not d", "d": "not c"}, "d → c → d"),
    ],
)
def test_a_circle_is_named_as_a_path(means: dict[str, str], circle: str, tmp_path: Path) -> None:
    files = {f"definitions__{name}": definition(name, text) for name, text in means.items()}
    found = faults(tmp_path, **files)
    assert len(found) == 1
    assert f"POL020 the definition is explained by itself: {circle} /" in found[0]


def test_a_word_in_quotes_is_no_use_of_a_definition(tmp_path: Path) -> None:
    means = 'registration.phone = "a" and registration.phone != “b”'
    assert faults(tmp_path, definitions__a=definition("a", means), definitions__b=definition("b", "not a")) == []


def test_period_needs_a_kind(tmp_path: Path) -> None:
    means = "tax.revenue[period] > 0元"
    assert "POL021" in faults(tmp_path, definitions__a=definition("a", means))[0]
    assert faults(tmp_path / "b", definitions__a=definition("a", means, period="year")) == []


def test_a_definition_of_another_kind_of_period_is_not_known(tmp_path: Path) -> None:
    found = faults(
        tmp_path,
        trial=policy_text(conditions="conditions: [{id: a, text: t, clause: c, when: rich}]\n", period="quarter"),
        definitions__rich=definition("rich", "tax.revenue[period] > 0元", period="year"),
    )
    assert len(found) == 1
    assert "rich" in found[0]


def test_a_dataset_keeps_its_name(tmp_path: Path) -> None:
    assert "POL022 `tax` is already a dataset" in faults(tmp_path, definitions__tax=definition("tax", "1 = 1"))[0]


def test_the_file_bears_the_name(tmp_path: Path) -> None:
    found = faults(tmp_path, definitions__a=definition("b", "1 = 1"))
    assert "POL002 the file is `a.yaml`, the definition `b` / rename the file to b.yaml" in found[0]


@pytest.mark.parametrize("name", ["Bad", "exists", "1a"])
def test_names_are_identifiers_and_no_words_of_the_language(name: str, tmp_path: Path) -> None:
    assert "POL001 `definition`" in faults(tmp_path, **{f"definitions__{name}": definition(name, "1 = 1")})[0]
