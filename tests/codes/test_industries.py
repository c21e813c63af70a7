import polars as pl
import pytest

from enterprise_data.codes import industries


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("C27", "C27"),
        ("27", "C27"),
        ("c2710", "C2710"),
        ("2710", "C2710"),
        ("C", "C"),
        ("制造业", "C"),
        ("医药制造业", "C27"),
        ("软件开发", "I651"),
    ],
)
def test_an_industry_is_found_by_code_and_by_title(given: str, code: str) -> None:
    assert industries.prefix_of(given) == code


@pytest.mark.parametrize("given", ["C99", "C2799", "D27", "医药", "2", "", "Z"])
def test_a_policy_cannot_name_what_the_table_lacks(given: str) -> None:
    with pytest.raises(LookupError, match="GB/T 4754-2011 has no industry"):
        industries.prefix_of(given)


def test_a_range_spans_sections_and_stays_on_its_level() -> None:
    assert industries.prefixes("C27", "C29") == ("C27", "C28", "C29")
    assert industries.prefixes("B12", "C14") == ("B12", "C13", "C14")
    assert industries.prefixes("A", "C") == ("A", "B", "C")
    assert len(industries.prefixes("C13", "43")) == 31
    assert industries.prefixes("C271", "C273") == ("C271", "C272", "C273")


@pytest.mark.parametrize(("first", "last"), [("C", "C29"), ("C29", "C27"), ("C27", "C99")])
def test_a_range_that_means_nothing_is_refused(first: str, last: str) -> None:
    with pytest.raises(LookupError):
        industries.prefixes(first, last)


def test_names_of_codes_that_only_the_later_edition_has() -> None:
    assert industries.name_of("C27") == "医药制造业"
    assert industries.name_of("C2799") == "医药制造业 C2799"
    with pytest.raises(LookupError):
        industries.name_of("Z1")


def test_the_codes_coarser_than_a_code() -> None:
    assert industries.ancestors("C2710") == ("C", "C27", "C271")
    assert industries.ancestors("C") == ()


def test_every_code_of_the_table_hangs_on_the_tree() -> None:
    names = industries.industries().names
    assert len([code for code in names if len(code) == 5]) == 1094
    assert all(above in names for code in names for above in industries.ancestors(code))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("C2710", "C2710"),
        (" c271 ", "C271"),
        ("27", "C27"),
        ("2710", "C2710"),
        ("7810", "N7810"),
        ("医药制造业", "C27"),
        ("制造业", "C"),
        ("软件开发", "I6510"),
        # Filled up with zeros: what it means is the coarser code.
        ("C2700", "C27"),
        ("A0110", "A011"),
        ("C2720", "C2720"),
        # The 2017 edition: kept with its letter, refused without, because numbers from 79 on have moved.
        ("C3099", "C3099"),
        ("N79", "N79"),
        ("T97", "T97"),
        ("7910", None),
        ("U12", None),
        ("C99", None),
        ("C2", None),
        ("无", None),
        ("", None),
        (None, None),
    ],
)
def test_a_column_of_codes_and_titles_becomes_codes_at_rest(text: str | None, code: str | None) -> None:
    column = pl.DataFrame({"industry": [text]}, schema={"industry": pl.String})
    assert column.select(industries.canonical_codes(pl.col("industry"))).item() == code


def test_codes_at_rest_stay_as_they_are() -> None:
    codes = list(industries.industries().names)
    column = pl.DataFrame({"industry": codes})
    assert column.select(industries.canonical_codes(pl.col("industry"))).to_series().to_list() == codes
