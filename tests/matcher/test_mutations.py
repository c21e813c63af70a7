"""The tests are sharp enough: each small fault of `mutations.py` makes one of them fail."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.matcher.mutations import MUTATIONS, ROOT, Mutation, copied, first_failure


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.name)
def test_the_faults_still_fit_the_sources(mutation: Mutation) -> None:
    text = (ROOT / "matcher" / mutation.file).read_text(encoding="utf-8")
    assert text.count(mutation.old) == 1, "the source has changed: bring tests/matcher/mutations.py up to it"
    assert mutation.new != mutation.old


@pytest.mark.nightly
def test_a_copy_without_a_fault_passes(tmp_path: Path) -> None:
    assert first_failure(copied(None, tmp_path)) == ""


@pytest.mark.nightly
@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.name)
def test_every_fault_is_found(mutation: Mutation, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = first_failure(copied(mutation, tmp_path))
    with capsys.disabled():
        print(f"\n{mutation.name:45} {found or 'NOT FOUND'}")  # noqa: T201  # the table is what the test is for
    assert found
