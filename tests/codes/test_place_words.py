import polars as pl
import pytest

from enterprise_data.codes.place_words import place_words, short_form
from enterprise_data.codes.regions import regions


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("湖北省", "湖北"),
        ("武汉市", "武汉"),
        ("北京市", "北京"),
        ("内蒙古自治区", "内蒙古"),
        ("广西壮族自治区", "广西"),
        ("宁夏回族自治区", "宁夏"),
        ("新疆维吾尔自治区", "新疆"),
        ("西藏自治区", "西藏"),
        ("恩施土家族苗族自治州", "恩施"),
        ("黔西南布依族苗族自治州", "黔西南"),
        ("巴音郭楞蒙古自治州", "巴音郭楞"),
        ("伊犁哈萨克自治州", "伊犁"),
        ("克孜勒苏柯尔克孜自治州", "克孜勒苏"),
        ("积石山保安族东乡族撒拉族自治县", "积石山"),
        ("双江拉祜族佤族布朗族傣族自治县", "双江"),
        ("隆林各族自治县", "隆林"),
        ("前郭尔罗斯蒙古族自治县", "前郭尔罗斯"),
        ("喀喇沁左翼蒙古族自治县", "喀喇沁左翼"),
        ("莫力达瓦达斡尔族自治旗", "莫力达瓦"),
        # Named after its people alone.
        ("鄂伦春自治旗", "鄂伦春"),
        ("鄂温克族自治旗", "鄂温克"),
        ("东乡族自治县", "东乡"),
        ("瀍河回族区", "瀍河"),
        ("梅里斯达斡尔族区", "梅里斯"),
        ("大兴安岭地区", "大兴安岭"),
        ("锡林郭勒盟", "锡林郭勒"),
        ("阿鲁科尔沁旗", "阿鲁科尔沁"),
        ("浦东新区", "浦东"),
        ("六枝特区", "六枝"),
        ("峰峰矿区", "峰峰"),
        ("神农架林区", "神农架"),
        # The syllable before 区 belongs to the name.
        ("清新区", "清新"),
        ("北林区", "北林"),
        ("新林区", "新林"),
        ("万柏林区", "万柏林"),
        ("下花园区", "下花园"),
        ("江城区", "江城"),
        ("沙市市", "沙市"),
        ("津市市", "津市"),
        ("市中区", "市中"),
        ("宿县地区", "宿县"),
        # One character is no name.
        ("蓟县", None),
        ("芒市", None),
        ("郊区", None),
        ("西沙群岛", None),
        ("市辖区", "市辖"),
    ],
)
def test_the_short_form_of_a_name(name: str, short: str | None) -> None:
    assert short_form(name) == short


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("山东省", {("37", True, True)}),
        ("山东", {("37", False, True)}),
        ("青岛市", {("3702", True, True)}),
        ("市南", {("370202", False, True)}),
        # Two districts, a city and its county.
        ("朝阳", {("110105", False, True), ("220104", False, True), ("2113", False, True), ("211321", False, True)}),
        ("朝阳区", {("110105", True, True), ("220104", True, True)}),
        # One in Beijing, one in Jiangsu, which was a city before.
        ("通州", {("110112", False, True), ("320612", False, True), ("320683", False, False)}),
        ("通州市", {("320683", True, False)}),
        ("海南", {("46", False, True), ("6325", False, True), ("150303", False, True)}),
        ("吉林", {("22", False, True), ("2202", False, True)}),
        ("恩施", {("4228", False, True), ("422801", False, True)}),
        ("襄樊", {("4206", False, False)}),
        ("襄樊市", {("4206", True, False)}),
        ("襄阳市", {("4206", True, True)}),
        ("吴江市", {("320584", True, False)}),
        ("吴江", {("320509", False, True), ("320584", False, False)}),
        ("武进市", {("320483", True, False)}),
        ("莱芜", {("3712", False, False), ("370116", False, True)}),
        ("胶南", {("370284", False, False)}),
        # A city whose only county bears its name, and one without counties: one place.
        ("嘉峪关市", {("6202", True, True)}),
        ("东莞", {("4419", False, True)}),
        # Abolished before, and in force again as another region: both.
        ("巢湖市", {("3414", True, False), ("340181", True, True), ("342601", True, False)}),
        # A whole name although short, and the short form of a whole name that is longer.
        ("芒市", {("533103", True, True)}),
        ("沙市", {("4204", False, False), ("421002", False, True)}),
        # A zone is not called by its city's name alone.
        ("兰州", {("6201", False, True)}),
        ("兰州新区", {("620171", True, True)}),
        ("市辖区", set()),
        ("市辖", set()),
        ("县", set()),
        ("蓟", set()),
        ("省直辖县级行政区划", set()),
        ("火星", set()),
    ],
)
def test_the_places_of_a_word(word: str, found: set[tuple[str, bool, bool]]) -> None:
    rows = place_words().filter(pl.col("word") == word).select("prefix", "whole", "in_force").rows()
    assert len(rows) == len(set(rows))
    assert set(rows) == found


def test_a_row_is_a_word_with_a_prefix_of_the_table() -> None:
    words, table = place_words(), regions()
    assert words.schema == {"word": pl.String, "prefix": pl.String, "whole": pl.Boolean, "in_force": pl.Boolean}
    assert not words.select("word", "prefix").is_duplicated().any()
    assert words["word"].str.len_chars().min() == 2
    assert set(words["prefix"]) <= set(table.prefixes())
    assert words.equals(words.sort("word", "prefix"))
    assert not words.null_count().sum_horizontal().item()


def test_every_name_but_groups_and_namesakes_of_their_city_is_a_word() -> None:
    whole = set(place_words().filter("whole").select("word", "prefix").rows())
    table = regions()
    every = {(name, prefix) for prefix, name in table.names.items()}
    every |= {(former.name, former.prefix) for former in table.former}
    left_out = {(name, prefix) for name, prefix in every - whole}
    assert whole <= every
    assert {name for name, _ in left_out} >= {"市辖区", "县", "嘉峪关市"}
    assert len(left_out) < 30
