"""Places as linking files write them: short names of a province and a city, and their GB/T 2260 codes."""

from __future__ import annotations

import re
from functools import cache

import polars as pl

from enterprise_data.codes.regions import canonical_code, regions
from enterprise_data.codes.tables import read_table

# Suffixes of provinces, cities and counties; the nations of autonomous regions (自治州) stand before them.
_SUFFIX = re.compile(r"(?:特别行政区|(?:维吾尔|壮族|回族)?自治区|自治州|自治县|自治旗|林区|地区|省|市|区|县|盟|旗)$")
_NATIONS = (
    "土家族|苗族|藏族|羌族|彝族|布依族|侗族|哈尼族|壮族|傣族|白族|景颇族|傈僳族|回族|朝鲜族|满族|瑶族|仡佬族|黎族|畲族|"
    "毛南族|仫佬族|水族|布朗族|佤族|拉祜族|纳西族|独龙族|怒族|普米族|土族|撒拉族|裕固族|保安族|东乡族|哈萨克族|"
    "蒙古族|锡伯族|塔吉克|哈萨克|柯尔克孜|蒙古|鄂温克族|鄂伦春|达斡尔族"
)
_NATION = re.compile(rf"(?<=..)(?:(?:{_NATIONS})(?:各族)?)+$")
# Their districts stand directly under the province in such files: 上海 浦东新, 北京 海淀, 湖北 仙桃.
_WITHOUT_CITIES = re.compile(r"^(?:11|12|31|50|..90)")
# Rows of the table that only group counties.
_GROUPING = re.compile(r"^(?:市辖区|县|(?:省|自治区)直辖县级行政区划)$")


def short_name(full: str) -> str:
    """Return the name of a region without its kind: 江苏 of 江苏省, 恩施 of 恩施土家族苗族自治州, 海淀 of 海淀区."""
    base = _SUFFIX.sub("", full)
    short = _NATION.sub("", base) if full.endswith(("自治州", "自治县", "自治旗")) else base
    return short if len(short) > 1 else full


@cache
def region_codes() -> pl.DataFrame:
    """Return `province`, `city` (null: the province itself) and `region`, a line for each spelling that means one."""
    # A name in force goes before an abolished one.
    rows = _codes_by_spelling(abolished()) | _codes_by_spelling(list(regions().names.items()))
    found = [(*key, *codes) for key, codes in rows.items() if len(codes) == 1]
    return pl.DataFrame(found, schema={"province": pl.String, "city": pl.String, "region": pl.String}, orient="row")


def abolished() -> list[tuple[str, str]]:
    """Return prefix and name of abolished cities and counties, and former names of others."""
    rows = [(row["code"].removesuffix("00"), row["name"]) for row in read_table("gbt2260_abolished.csv")]
    return [(prefix, name) for prefix, name in rows if prefix[:2] in regions().names and not prefix.endswith("00")]


def _codes_by_spelling(names: list[tuple[str, str]]) -> dict[tuple[str, str | None], set[str]]:
    rows: dict[tuple[str, str | None], set[str]] = {}
    for prefix, name in names:
        province = regions().names[prefix[:2]]
        if len(prefix) == 2:
            for spelling in (short_name(name), name):
                rows[spelling, None] = {canonical_code(prefix)}
        elif (len(prefix) == 4 or _WITHOUT_CITIES.match(prefix)) and not _GROUPING.match(name):
            for spelling in _spellings(name):
                for above in (short_name(province), province):
                    rows.setdefault((above, spelling), set()).add(canonical_code(prefix))
    return rows


def _spellings(name: str) -> set[str]:
    short = short_name(name)
    found = {name, _SUFFIX.sub("", name), short, short.removesuffix("新")}
    return found | ({f"{short}州"} if name.endswith("自治州") else set())


def region(province: str, city: str) -> pl.Expr:
    """Return the codes of cities, within the provinces in the other column, else of the provinces, else null."""
    codes = region_codes()
    cities = codes.drop_nulls("city")
    provinces = codes.filter(pl.col("city").is_null())
    both = pl.concat_str(pl.col(province), pl.lit("/"), pl.col(city))
    keys = cities["province"] + "/" + cities["city"]
    return pl.coalesce(
        both.replace_strict(keys, cities["region"], default=None, return_dtype=pl.String),
        pl.col(province).replace_strict(
            provinces["province"], provinces["region"], default=None, return_dtype=pl.String
        ),
    )
