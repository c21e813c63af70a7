"""Every YAML example of docs/policies.md is read by the code it documents."""

import re
from pathlib import Path

import pytest

from policies.cases import load_cases
from policies.files import cases_path
from policies.load import BUNDLED, load_library
from tests.policies.writing import catalogue, faults, policy_text, write

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "policies.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
FOLDERS = {"policy": "", "definition": "definitions__", "parameter": "parameters__", "cap": "caps__"}
WHOLE = {
    match: text
    for text in EXAMPLES
    if (match := re.match(r"(policy|definition|parameter|cap): (.+)", text)) and "\ncases:" not in text
}


def test_whole_files_and_their_cases_load(tmp_path: Path) -> None:
    files = {FOLDERS[match[1]] + match[2]: text for match, text in WHOLE.items()}
    library = load_library([*BUNDLED, write(tmp_path / "policies", **files)], catalogue())
    policy = library.policy("example-hightech")
    (cases,) = [text for text in EXAMPLES if "\ncases:" in text]
    path = cases_path(library.paths[policy.id])
    path.write_text(cases, encoding="utf-8")
    assert len(load_cases(path, policy, catalogue())) == 4
    assert len(files) == 6


@pytest.mark.parametrize("award", [text for text in EXAMPLES if text.startswith("award:")])
def test_each_way_to_pay_is_read(award: str, tmp_path: Path) -> None:
    named = policy_text("example-hightech")  # what a share of another award is a share of
    assert faults(tmp_path, **{"trial": policy_text(award=award), "example-hightech": named}) == []


def test_every_example_is_tested() -> None:
    assert len(EXAMPLES) == len(WHOLE) + 1 + sum(text.startswith("award:") for text in EXAMPLES)


def test_every_code_that_the_code_uses_is_listed() -> None:
    files = [*(ROOT / "policies").glob("*.py"), ROOT / "matcher" / "connected.py"]
    sources = "".join(path.read_text(encoding="utf-8") for path in files)
    used = set(re.findall(r'"((?:POL|CASE)\d{3})"', sources))
    assert used == set(re.findall(r"\b(?:POL|CASE)\d{3}\b", TEXT))
