"""What a catalogue entry says: one dataset, its grain, its fields, and what an absent row means."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from enterprise_data.declarations.schema import Declared
from enterprise_data.periods import PeriodKind

IDENTIFIER = re.compile(r"[a-z][a-z0-9_]{0,62}")
# What a dataset or field may not be called: the words of the policy language, and the engine's own columns.
RESERVED = frozenset(
    re.findall(
        r"\w+",
        "and or not in is known where during since before after on last within except between every some if then else "
        "true false exists count sum min max avg latest streak growth months_between days_between whole ceil round abs "
        "period as_of param firm_no belongs linked_by row_no",
    )
)


def _identifier(text: str) -> str:
    if not IDENTIFIER.fullmatch(text):
        raise ValueError(f"`{text}` is not an identifier; use small letters, digits and _, beginning with a letter")
    if text in RESERVED:
        raise ValueError(f"`{text}` is a word of the policy language; choose another name")
    return text


def _days(value: Any) -> Any:
    if isinstance(value, int):  # as a catalogue written as JSON has it
        return value
    match = re.fullmatch(r"(\d+) days?", str(value).strip())
    if match is None:
        raise ValueError("write a number of days, such as `45 days`")
    return int(match[1])


Identifier = Annotated[str, AfterValidator(_identifier)]


class Grain(StrEnum):
    """How many rows a firm may have: one, one per period, or many; `region` rows belong to no firm."""

    FIRM = "firm"
    PERIOD = "period"
    EVENT = "event"
    REGION = "region"


class FieldType(StrEnum):
    """What a value is, and so how it is written at rest (Parquet type in brackets)."""

    TEXT = "text"  # [VARCHAR]
    CODE = "code"  # one of `values` [VARCHAR]
    BOOLEAN = "boolean"  # [BOOLEAN]
    DATE = "date"  # [DATE]
    MONEY = "money"  # integer fen [BIGINT]
    COUNT = "count"  # whole number with a unit such as 人 [BIGINT]
    SHARE = "share"  # a ratio; 5.5 % rests as 0.055 [DECIMAL(18, digits)]
    NUMBER = "number"  # plain decimal [DECIMAL(18, digits)]
    REGION = "region"  # GB/T 2260 code, 6, 9 or 12 digits [VARCHAR]
    INDUSTRY = "industry"  # GB/T 4754 code with its letter, such as C2710 [VARCHAR]


class Classification(StrEnum):
    """Who may see a value (数据分级)."""

    PUBLIC = "public"
    INTERNAL = "internal"
    RESTRICTED = "restricted"
    PERSONAL = "personal"


class Absence(StrEnum):
    """What no row means: `none`, it did not happen (closed world); `unknown`, nobody knows (open world)."""

    NONE = "none"
    UNKNOWN = "unknown"


class FirmKey(StrEnum):
    """By what a row says which firm it is about; several may stand in one file."""

    USCC = "uscc"  # 统一社会信用代码, GB 32100-2015
    ORGANISATION_CODE = "organisation_code"  # 组织机构代码, GB 11714-1997
    REGISTRATION_NO = "registration_no"  # 工商注册号, 15 digits
    NAME = "name"  # 企业名称


class Role(StrEnum):
    """What the engine itself uses a dataset for."""

    REGISTER = "register"  # the register of firms: exactly one per catalogue
    FORMER_NAMES = "former_names"  # needs fields `former_name` (text) and `until` (date)
    SUCCESSIONS = "successions"  # needs fields `predecessor_code` (text) and `effective_on` (date); key: the successor
    RELATIONS = "relations"  # needs `kind` and `parent_code` (code or text), `began_on` (date); key: the lower firm


class Title(Declared):
    """A name for people in Chinese and English."""

    zh: str
    en: str = ""


class Coverage(Declared):
    """For when and where the rows are all there are; outside it nothing follows from an absent row.

    `from_` is the first day covered (absent: from the beginning); `region` a GB/T 2260 name or code (absent:
    everywhere); `complete: false` means that even inside it rows may be missing.
    """

    from_: Annotated[date | None, Field(alias="from")] = None
    region: str | None = None
    complete: bool = True


class DataField(Declared):
    """One field of a dataset.

    `unit` is what the file's numbers are in: 元, 万元 or 亿元 for money, % or 1 for shares, any noun (人, 件) for
    counts. `range` is in that unit and inclusive; a value outside it is rejected when loaded, and the compiler relies
    on it to prove that no expression overflows. `columns` are further headings under which files carry the field.
    """

    type: FieldType
    label: str
    unit: str | None = None
    digits: Annotated[int, Field(ge=0, le=8)] = 4
    values: tuple[str, ...] = ()
    range: tuple[Decimal, Decimal] | None = None
    required: bool = False
    classification: Classification = Classification.INTERNAL
    columns: tuple[str, ...] = ()
    note: str = ""

    @model_validator(mode="after")
    def _unit_fits_type(self) -> DataField:
        if self.type is FieldType.MONEY and self.unit not in ("元", "万元", "亿元"):
            raise ValueError("a money field needs `unit: 元`, `万元` or `亿元`")
        if self.type is FieldType.SHARE and self.unit not in ("%", "1"):
            raise ValueError("a share field needs `unit: '%'` (5.5 means 5.5 %) or `unit: '1'` (0.055 means 5.5 %)")
        if self.type is FieldType.CODE and not self.values:
            raise ValueError("a code field needs `values: [...]`")
        if self.range and self.range[0] > self.range[1]:
            raise ValueError("`range` must be [lowest, highest]")
        return self


class Dataset(Declared):
    """One catalogue entry; see `docs/catalogue.md`."""

    dataset: Identifier
    title: Title
    department: str
    role: Role | None = None
    grain: Grain
    period: PeriodKind | None = None
    key: Annotated[tuple[FirmKey, ...], BeforeValidator(lambda v: [v] if isinstance(v, str) else v)] = ()
    dated_by: str | None = None
    absence: Absence = Absence.UNKNOWN
    covers: Coverage = Coverage()
    max_age: Annotated[int | None, BeforeValidator(lambda v: v if v is None else _days(v))] = None
    negative: bool = False
    region_field: str | None = None
    listed_region: str | None = None
    fields: dict[Identifier, DataField]
    note: str = ""

    @model_validator(mode="after")
    def _parts_fit_together(self) -> Dataset:
        timed = self.grain in (Grain.PERIOD, Grain.REGION)
        if timed != (self.period is not None):
            raise ValueError(
                "`period` (year, half, quarter, month) is needed for grain `period` and `region`, and only there"
            )
        if (self.grain is Grain.REGION) == bool(self.key):
            raise ValueError("`key` says how rows name their firm; only grain `region` has none")
        for attribute, wanted in (("dated_by", FieldType.DATE), ("region_field", FieldType.REGION)):
            name = getattr(self, attribute)
            if name is not None and (name not in self.fields or self.fields[name].type is not wanted):
                raise ValueError(f"`{attribute}: {name}` must name a field of type {wanted.value}")
        if self.role is Role.REGISTER and (self.grain is not Grain.FIRM or FirmKey.USCC not in self.key):
            raise ValueError("the register of firms needs `grain: firm` and a `key` with `uscc`")
        if self.role is Role.FORMER_NAMES and not {"former_name", "until"} <= self.fields.keys():
            raise ValueError("a dataset of former names needs the fields `former_name` and `until`")
        if self.role is Role.SUCCESSIONS and not {"predecessor_code", "effective_on"} <= self.fields.keys():
            raise ValueError("a dataset of successions needs the fields `predecessor_code` and `effective_on`")
        if self.role is Role.RELATIONS and not {"kind", "parent_code", "began_on"} <= self.fields.keys():
            raise ValueError("a dataset of relations needs the fields `kind`, `parent_code` and `began_on`")
        labels = [field.label for field in self.fields.values()]
        if len(set(labels)) < len(labels):
            raise ValueError("two fields bear the same `label`")
        return self

    @property
    def is_decidable(self) -> bool:
        """Say whether people may decide whose its rows are.

        A register, former names and successions say what firms there are: their rows are linked by codes, before all
        others.
        """
        return self.role in (None, Role.RELATIONS)

    @property
    def home_region(self) -> str | None:
        """Return the field that says where the firm (or the region row) is, if the dataset has one."""
        if self.region_field:
            return self.region_field
        regions = [name for name, field in self.fields.items() if field.type is FieldType.REGION]
        return regions[0] if regions else None
