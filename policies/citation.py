"""Where a rule comes from, and how well that was checked; shared by policies, definitions and parameters."""

from __future__ import annotations

import datetime
import re
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field

from enterprise_data.declarations.schema import Declared

_SLUG = re.compile(r"[a-z][a-z0-9_-]{0,79}")


def _slug(text: str) -> str:
    if not _SLUG.fullmatch(text):
        raise ValueError(f"`{text}` is not an id; use small letters, digits and -, beginning with a letter")
    return text


Slug = Annotated[str, AfterValidator(_slug)]
# YAML editors see a bare 2024 or 12345 as a number; the strict reader keeps it as text.
TextOrNumber = Annotated[str, Field(json_schema_extra={"type": ["string", "number"]})]


class Checked(StrEnum):
    """Against what the encoded rule was read."""

    ISSUER = "issuer"  # the issuer's own page or gazette
    MIRROR = "mirror"  # a copy elsewhere; re-check before relying on it
    UNVERIFIED = "unverified"  # a summary, an agency's list, or the document itself not seen


class Title(Declared):
    """A name for people in Chinese and English."""

    zh: str
    en: str = ""


class Source(Declared):
    """The document a rule comes from (文号、发文机关); `date` is the day it was issued."""

    document: str
    issuer: str
    checked: Checked
    url: str | None = None
    date: datetime.date | None = None
    note: str = ""
