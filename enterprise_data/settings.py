"""Settings of a workspace (`mianshen.toml`): what they are, and reading them with every fault in its place."""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError
from pydantic_core import ErrorDetails

from enterprise_data.declarations.problems import MianshenError, Place, Problem, ProblemsFound
from enterprise_data.declarations.schema import Declared

TEMPLATE = """\
# Settings of a Mianshen workspace. What is left out has the value shown here.

[catalogue]
bundled = {bundled}        # take in the datasets that come with Mianshen; catalog/ adds to or replaces them

[policies]
bundled = {bundled}        # take in the policies that come with Mianshen; policies/ adds to them

[match]
# max_share = 0.5      # stop a run whose policy takes in more than this share of the firms in its scope

[data]
keep_deliveries = 3   # so many deliveries of each dataset stay on disk, the one in force among them

[review]
# two_person_from = 500000      # yuan: what decides about this much or more needs a second person
two_person_negative = false   # whether every decision about a negative list needs a second person

[payouts]
# ledger = "postgresql+psycopg://user@host/database"   # where the ledger is, if not in ledger/ledger.sqlite
notice_days = 5       # working days of a public notice
answer_days = 10      # working days after a notice in which a firm must answer
rehearsal = false     # practising, not paying: $MIANSHEN_CLOCK may then say what time it is
"""


class Library(Declared):
    """Whether what comes with Mianshen is used."""

    bundled: bool = True


class MatchSettings(Declared):
    """Settings of `mianshen match`; `max_share` is the safety gate, a ratio over 0 and up to 1."""

    max_share: Annotated[Decimal, Field(gt=0, le=1)] | None = None


class DataSettings(Declared):
    """Settings of `mianshen data`."""

    keep_deliveries: Annotated[int, Field(ge=1)] = 3


class ReviewSettings(Declared):
    """Settings of `mianshen data review`: from how many yuan on a decision needs a second person; None: never."""

    two_person_from: Annotated[Decimal, Field(ge=0)] | None = None
    two_person_negative: bool = False


class PayoutSettings(Declared):
    """Settings of `mianshen payout` that payouts.yaml does not have; days are working days."""

    ledger: str | None = None
    notice_days: Annotated[int, Field(ge=1)] = 5
    answer_days: Annotated[int, Field(ge=1)] = 10
    rehearsal: bool = False


class Settings(Declared):
    """`mianshen.toml`; every key may be left out."""

    catalogue: Library = Library()
    policies: Library = Library()
    match: MatchSettings = MatchSettings()
    data: DataSettings = DataSettings()
    review: ReviewSettings = ReviewSettings()
    payouts: PayoutSettings = PayoutSettings()


def read_settings(file: Path) -> Settings:
    """Read a settings file.

    Raises:
        MianshenError: it cannot be read.
        ProblemsFound: what is wrong in it, with its place.
    """
    try:
        text = file.read_text(encoding="utf-8")
        return Settings.model_validate(tomllib.loads(text, parse_float=Decimal))
    except OSError as error:
        raise MianshenError(f"cannot read {file}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ProblemsFound(
            [Problem("WSP001", "the file is not UTF-8", Place(str(file)), "save it as UTF-8")]
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise ProblemsFound([_syntax_problem(file, str(error))]) from error
    except ValidationError as error:
        raise ProblemsFound([_settings_problem(file, text, detail) for detail in error.errors()]) from error


def _syntax_problem(file: Path, message: str) -> Problem:
    # Before Python 3.14 the place stands only in the message.
    found = re.search(r" \(at line (\d+), column (\d+)\)", message)
    place = Place(str(file), int(found[1]), int(found[2])) if found else Place(str(file))
    return Problem("WSP002", f"not valid TOML: {message.split(' (at ', maxsplit=1)[0]}", place)


def _settings_problem(file: Path, text: str, detail: ErrorDetails) -> Problem:
    *section, key = map(str, detail["loc"])
    name = ".".join([*section, key])
    message = f"unknown setting `{name}`" if detail["type"] == "extra_forbidden" else f"`{name}`: {detail['msg']}"
    help_text = f"known settings: {', '.join(_known_settings())}"
    return Problem("WSP003", message, _place_of(file, text, section, key), help_text)


def _place_of(file: Path, text: str, section: list[str], key: str) -> Place:
    """Find the line of a key; `tomllib` keeps no places."""
    within = ""
    for number, line in enumerate(text.splitlines(), 1):
        if header := re.match(r"\s*\[+\s*([\w.-]+)\s*\]", line):
            within = header[1]
        found = re.match(rf"\s*\[*\s*({re.escape(key)})\b", line)
        if found and within in (".".join(section), key):
            return Place(str(file), number, found.start(1) + 1, len(key))
    return Place(str(file))


def _known_settings() -> list[str]:
    return [f"{section}.{key}" for section, default in Settings() for key in type(default).model_fields]
