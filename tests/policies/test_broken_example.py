from pathlib import Path

import pytest

from enterprise_data.declarations.problems import ProblemsFound
from policies.load import BUNDLED, load_library
from tests.policies.writing import catalogue

EXAMPLES = Path(__file__).parents[2] / "policies" / "examples"

EXPECTED = """\
broken.yaml:12:15: error[POL007]: 2021 lies before 2024
   |
12 |   - {periods: "2024..2021", region: 山东省, except: [南京市]}
   |               ^^^^^^^^^^^^
   = help: write the earlier period first
broken.yaml:12:51: error[POL008]: `南京市` does not lie in `山东省`
   |
12 |   - {periods: "2024..2021", region: 山东省, except: [南京市]}
   |                                                      ^^^^^^
   = help: except only parts of the region
broken.yaml:18:33: error[LANG012]: `recognized_on` is not known in `hightech`
   |
18 |     when: exists(hightech where recognized_on during period and first_time)
   |                                 ^^^^^^^^^^^^^
   = help: did you mean `recognised_on` or `on`?
broken.yaml:22:38: error[LANG021]: 20000 has no unit of money
   |
22 |     when: tax.revenue[period - 1] <= 20000
   |                                      ^^^^^
   = help: write 20000元 or 20000万元"""


def test_the_broken_example_shows_four_faults_each_at_its_place() -> None:
    with pytest.raises(ProblemsFound) as caught:
        load_library([*BUNDLED, EXAMPLES], catalogue())
    assert str(caught.value).replace(f"{EXAMPLES}/", "") == EXPECTED


def test_the_broken_example_says_that_it_is_synthetic_and_is_never_loaded_by_itself() -> None:
    assert "合成示例" in (EXAMPLES / "broken.yaml").read_text(encoding="utf-8").splitlines()[0]
    assert EXAMPLES not in BUNDLED
