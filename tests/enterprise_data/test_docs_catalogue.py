"""`docs/catalogue.md` cannot rot: its examples load, and it names every repair and every reject code there is."""

import re
from pathlib import Path

from enterprise_data.catalogue.load import load_catalogue
from enterprise_data.catalogue.model import FieldType
from enterprise_data.conform import repairs
from enterprise_data.conform.faults import Fault
from enterprise_data.conform.repairs import Rule

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "catalogue.md").read_text(encoding="utf-8")


def test_every_example_is_an_entry_and_all_fit_together(tmp_path: Path) -> None:
    examples = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    for number, example in enumerate(examples):
        (tmp_path / f"{number}.yaml").write_text(example, encoding="utf-8")
    assert len(load_catalogue(tmp_path, bundled=False).datasets) == len(examples) >= 4


def test_the_page_names_every_type_reject_code_and_repair() -> None:
    rules = {rule.name for rule in vars(repairs).values() if isinstance(rule, Rule)}
    for group in vars(repairs).values():
        if isinstance(group, tuple):
            rules |= {rule.name for rule in group if isinstance(rule, Rule)}
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "enterprise_data" / "conform").glob("*.py"))
    rules |= set(re.findall(r'Rule\(\s*"([a-z_]+)"', sources))
    for word in {*rules, *Fault, *FieldType}:
        assert f"`{word}`" in PAGE, word
