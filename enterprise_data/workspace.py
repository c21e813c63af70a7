"""A workspace: one folder with settings, own catalogue and policies, the data, and the runs.

W/mianshen.toml            settings (below)
W/catalog/*.yaml           own datasets, which replace bundled ones of the same name
W/policies/**/*.yaml       own policies
W/data/deliveries/         what was loaded
W/data/snapshots/          what was frozen
W/data/keys/               the keys of registered names, kept to save time; may be removed
W/runs/                    what was matched
W/identity/                what people decided about firms
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError
from pydantic_core import ErrorDetails

from enterprise_data.atomic import replace_text
from enterprise_data.catalogue.load import Catalogue, load_catalogue
from enterprise_data.declarations.problems import MianshenError, Place, Problem, ProblemsFound
from enterprise_data.declarations.schema import Declared
from enterprise_data.deliveries import Deliveries

SETTINGS = "mianshen.toml"

_TEMPLATE = """\
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


class Settings(Declared):
    """`mianshen.toml`; every key may be left out."""

    catalogue: Library = Library()
    policies: Library = Library()
    match: MatchSettings = MatchSettings()
    data: DataSettings = DataSettings()
    review: ReviewSettings = ReviewSettings()


@dataclass(frozen=True)
class Workspace:
    """An opened workspace; nothing but its settings has been read yet."""

    root: Path
    settings: Settings

    @staticmethod
    def create(path: Path, *, bare: bool = False) -> Workspace:
        """Make a workspace in a new or existing folder; `bare`: with an empty catalogue and no policies.

        Raises:
            MianshenError: when the folder already is a workspace, or cannot be written.
        """
        if (path / SETTINGS).exists():
            raise MianshenError(f"{path} already is a workspace; nothing was changed")
        try:
            for part in ("catalog", "policies", "data/deliveries", "data/snapshots", "runs"):
                (path / part).mkdir(parents=True, exist_ok=True)
            # The settings come last: a folder without them is not a workspace, and can be made one again.
            replace_text(path / SETTINGS, _TEMPLATE.format(bundled="false" if bare else "true"))
        except OSError as error:
            raise MianshenError(f"cannot make a workspace in {path}: {error.strerror or error}") from error
        return Workspace.open(path)

    @staticmethod
    def open(path: Path) -> Workspace:
        """Open a workspace.

        Raises:
            MianshenError: when the folder is none; the message says how to make one.
            ProblemsFound: when its settings are wrong, with their place.
        """
        file = path / SETTINGS
        if not file.is_file():
            raise MianshenError(
                f"{path} is not a workspace: it has no {SETTINGS}; make one with `mianshen init {path}`"
            )
        return Workspace(path, _read_settings(file))

    def catalogue(self) -> Catalogue:
        """Read the catalogue, bundled and own.

        Raises:
            ProblemsFound: every problem of its files.
        """
        return load_catalogue(self.root / "catalog", self.settings.catalogue.bundled)

    @property
    def deliveries(self) -> Deliveries:
        """Return the loaded deliveries."""
        return Deliveries(self.root / "data" / "deliveries", self.settings.data.keep_deliveries)

    @property
    def snapshots(self) -> Path:
        """Return the folder of frozen snapshots."""
        return self.root / "data" / "snapshots"

    @property
    def runs(self) -> Path:
        """Return the folder of matching runs."""
        return self.root / "runs"

    @property
    def keys(self) -> Path:
        """Return the folder of what linking keeps from one freeze to the next; it may be removed at any time."""
        return self.root / "data" / "keys"

    @property
    def identity(self) -> Path:
        """Return the folder of what people decided about firms; it need not exist."""
        return self.root / "identity"

    @property
    def policy_dir(self) -> Path:
        """Return the folder of own policies."""
        return self.root / "policies"

    @property
    def bundled_policies(self) -> bool:
        """Tell whether the policies that come with Mianshen are used."""
        return self.settings.policies.bundled


def _read_settings(file: Path) -> Settings:
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
    return [
        f"{section}.{key}"
        for section, model in (
            ("catalogue", Library),
            ("policies", Library),
            ("match", MatchSettings),
            ("data", DataSettings),
            ("review", ReviewSettings),
        )
        for key in model.model_fields
    ]
