"""Under which headings a file carries a column: names, labels, `columns`, the usual words for keys."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from enterprise_data.catalogue.model import DataField, Dataset, FirmKey, Grain

PERIOD = "period"

KEY_HEADINGS: Mapping[str, tuple[str, ...]] = {
    FirmKey.USCC: ("uscc", "统一社会信用代码", "社会信用代码", "信用代码", "统一信用代码"),
    FirmKey.ORGANISATION_CODE: ("organisation_code", "组织机构代码", "机构代码"),
    FirmKey.REGISTRATION_NO: ("registration_no", "注册号", "工商注册号", "营业执照注册号"),
    FirmKey.NAME: ("name", "企业名称", "单位名称", "公司名称", "名称", "纳税人名称", "市场主体名称"),
}
PERIOD_HEADINGS = (
    "period",
    "期间",
    "年度",
    "所属期",
    "所属年度",
    "年份",
    "半年度",
    "季度",
    "月份",
    "统计期",
    "报告期",
)

_UNIT = re.compile(r"(?P<heading>.+?)\s*[(\[](?:单位:)?(?P<unit>[^()\[\]]+)[)\]]")
_MONEY_UNITS = {unit: unit for unit in ("元", "千元", "万元", "百万元", "千万元", "亿元", "美元", "万美元")}
_MONEY_UNITS |= {"人民币元": "元", "人民币万元": "万元"}
_RATIO_UNITS = {"%": "%", "百分比": "%", "1": "1", "小数": "1", "‰": "‰", "千分比": "‰"}
KNOWN_UNITS: Mapping[str, str] = _MONEY_UNITS | _RATIO_UNITS


def normalised(heading: str) -> str:
    """Return a heading as it is compared: NFKC, no spaces at all, small letters."""
    return re.sub(r"[\s\u200b-\u200f\ufeff]+", "", unicodedata.normalize("NFKC", heading)).lower()


def key_headings(dataset: Dataset) -> dict[str, tuple[str, ...]]:
    """Return the normalised headings of each firm key, and of the period where the grain has one.

    A heading declared for a field is that field's: a list of patents may well call its titles 名称.
    """
    declared = {h for name, field in dataset.fields.items() for h in field_headings(name, field)}
    return {
        name: tuple(h for h in map(normalised, headings) if h not in declared)
        for name, headings in _built_in(dataset).items()
    }


def principal_headings(dataset: Dataset) -> dict[str, tuple[str, ...]]:
    """Return the two headings of each key, English and Chinese, that no field may claim."""
    return {name: headings[:2] for name, headings in _built_in(dataset).items()}


def _built_in(dataset: Dataset) -> dict[str, tuple[str, ...]]:
    found = {key.value: KEY_HEADINGS[key] for key in dataset.key}
    if dataset.grain in (Grain.PERIOD, Grain.REGION):
        found[PERIOD] = PERIOD_HEADINGS
    return found


def field_headings(name: str, field: DataField) -> tuple[str, ...]:
    """Return the normalised headings of one field: its identifier, its label, its `columns`."""
    return tuple(dict.fromkeys(normalised(heading) for heading in (name, field.label, *field.columns)))


def split_unit(heading: str) -> tuple[str, str | None]:
    """Split `销售收入(万元)` into its normalised heading and the unit in brackets, if it ends with one.

    >>> split_unit("销售收入（万元）")
    ('销售收入', '万元')
    >>> split_unit("企业名称")
    ('企业名称', None)
    """
    match = _UNIT.fullmatch(normalised(heading))
    if match is None:
        return normalised(heading), None
    return match["heading"], KNOWN_UNITS.get(match["unit"], match["unit"])


def unit_is_another(field: DataField, unit: str) -> bool | None:
    """Tell whether a unit in a heading's brackets contradicts the declared one; None when it is no unit at all.

    A remark in brackets (`员工人数(参保)`) may make it another column, so only the declared headings settle that.
    """
    if unit == field.unit:
        return False
    return True if unit in KNOWN_UNITS.values() else None
