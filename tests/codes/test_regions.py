import polars as pl
import pytest

from enterprise_data.codes import regions


@pytest.mark.parametrize(
    ("given", "prefix"),
    [
        ("山东省", "37"),
        ("青岛市", "3702"),
        ("山东省青岛市", "3702"),
        ("山东省 / 青岛市", "3702"),
        ("烟台市栖霞市", "370686"),
        ("栖霞市", "370686"),
        ("山东省青岛市市南区", "370202"),
        ("北京市朝阳区", "110105"),
        ("东莞市东城街道", "441900003"),
        ("37", "37"),
        ("3702", "3702"),
        ("370000", "37"),
        ("370200", "3702"),
        ("370202", "370202"),
        ("370202001", "370202001"),
        ("370202001000", "370202001"),
        ("370202000000", "370202"),
        # 东莞市 is a city without counties, 嘉峪关市 one whose only county bears its name: the city is meant.
        ("东莞市", "4419"),
        ("441900", "4419"),
        ("嘉峪关市", "6202"),
        # Abolished, yet in old files; a name in force goes first.
        ("胶南市", "370284"),
        ("371200", "3712"),
        ("钢城区", "370117"),
        ("武进市", "320483"),
        ("吴江市", "320584"),
        ("江苏省高淳县", "320125"),
        ("临安市", "330185"),
        ("绍兴县", "330621"),
        # Renamed: the code is in force under another name.
        ("襄樊市", "4206"),
        ("湖北省襄樊市", "4206"),
        # Several numbers of one region, known to be one by its successor: the last is meant.
        ("姜堰市", "321284"),
        ("陵县", "371421"),
    ],
)
def test_a_region_is_found_by_name_and_by_code(given: str, prefix: str) -> None:
    assert regions.prefix_of(given) == prefix


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("山东", "did you mean `山东省`"),
        ("朝阳区", "2 regions are called 朝阳区; write which: 北京市朝阳区 (110105), 吉林省长春市朝阳区 (220104)"),
        ("涪陵市", "2 regions are called 涪陵市; write which: 四川省涪陵市 (517000), 四川省涪陵地区涪陵市 (512301)"),
        ("市辖区", "no region is called 市辖区"),
        ("379900", "no region has the code 379900"),
        ("000000", "no region has the code"),
        ("3", "no region has the code"),
        ("", "no region is called"),
    ],
)
def test_what_is_no_region_is_refused_with_help(given: str, message: str) -> None:
    with pytest.raises(LookupError) as refusal:
        regions.prefix_of(given)
    assert message in str(refusal.value)


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("370000", "山东省"),
        ("370200", "青岛市"),
        ("370202", "市南区"),
        ("370202001", "香港中路街道"),
        ("441900", "东莞市"),
        ("370284", "胶南市"),
        ("420600", "襄阳市"),
        ("142301", "孝义市"),
        ("370279", "青岛市 370279"),
        ("370202999", "市南区 370202999"),
    ],
)
def test_every_code_at_rest_has_a_name_to_show(code: str, name: str) -> None:
    assert regions.name_of(code) == name


def test_a_code_of_no_province_has_no_name() -> None:
    with pytest.raises(LookupError, match="990000"):
        regions.name_of("990000")


@pytest.mark.parametrize(
    ("prefix", "above"),
    [
        ("37", ()),
        ("3702", ("370000",)),
        ("370202", ("370000", "370200")),
        ("370202001", ("370000", "370200", "370202")),
        ("441900003", ("440000", "441900")),
        ("469001", ("460000", "469000")),
    ],
)
def test_the_codes_coarser_than_a_prefix(prefix: str, above: tuple[str, ...]) -> None:
    assert regions.ancestors(prefix) == above


def test_every_region_in_force_lies_within_its_ancestors_and_is_found_again() -> None:
    table = regions.regions()
    for prefix in table.names:
        code = regions.canonical_code(prefix)
        assert len(code) == 6
        assert regions.prefix_of(code) == prefix
        for coarser in regions.ancestors(prefix):
            assert prefix.startswith(regions.prefix_of(coarser))


def test_a_former_name_is_not_in_force_and_its_successor_is() -> None:
    table = regions.regions()
    assert len(table.former) == len(set(table.former)) > 1500
    for former in table.former:
        assert table.names.get(former.prefix) != former.name
        assert not regions.is_grouping(former.name)
        assert former.successor is None or former.successor in table.names
        assert former.abolished is None or 1994 <= former.abolished <= 2023


def test_of_several_former_names_the_last_is_shown() -> None:
    assert len([former for former in regions.regions().former if former.prefix == "410211"]) == 2
    assert regions.name_of("410211") == "金明区"


@pytest.mark.parametrize(
    ("prefix", "name", "abolished", "successor"),
    [
        ("4206", "襄樊市", 2011, "4206"),
        ("370284", "胶南市", 2012, "370211"),
        ("330621", "绍兴县", 2013, "330603"),
        ("320483", "武进市", 2002, "320412"),
        # Its number went to another region, its name lives on under another number.
        ("410307", "洛龙区", 2007, "410311"),
        # A city that became a county's rank again: no single successor.
        ("3414", "巢湖市", 2011, None),
        # One of many 郊区 of its province.
        ("140411", "郊区", 2018, None),
        ("130502", "桥东区", None, "130502"),
    ],
)
def test_what_became_of_a_region(prefix: str, name: str, abolished: int | None, successor: str | None) -> None:
    assert regions.Former(prefix, name, abolished, successor) in regions.regions().former


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("37", "370000"),
        ("3702", "370200"),
        (" 370202 ", "370202"),
        ("370202001", "370202001"),
        ("370202001000", "370202001"),
        ("370202001005", "370202001005"),
        ("370202000000", "370202"),
        ("青岛市", "370200"),
        ("山东省青岛市", "370200"),
        ("胶南市", "370284"),
        ("襄樊市", "420600"),
        ("涪陵市", None),
        # Set up after the table's date, or of a development zone: the first four digits say where it is.
        ("370271", "370271"),
        ("370299001", "370299001"),
        ("379900", None),
        ("999999", None),
        ("37020", None),
        ("朝阳区", None),
        ("无", None),
        ("", None),
        (None, None),
    ],
)
def test_a_column_of_codes_and_names_becomes_codes_at_rest(text: str | None, code: str | None) -> None:
    column = pl.DataFrame({"region": [text]}, schema={"region": pl.String})
    assert column.select(regions.canonical_codes(pl.col("region"))).item() == code


def test_codes_at_rest_stay_as_they_are() -> None:
    table = regions.regions()
    codes = [regions.canonical_code(prefix) for prefix in table.prefixes()] + ["370202001"]
    column = pl.DataFrame({"region": codes})
    assert column.select(regions.canonical_codes(pl.col("region"))).to_series().to_list() == codes
