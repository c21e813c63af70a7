"""A workspace: one folder with settings, own catalogue and policies, the data, and the runs.

W/mianshen.toml            settings (enterprise_data/settings.py)
W/catalog/*.yaml           own datasets, which replace bundled ones of the same name
W/policies/**/*.yaml       own policies
W/data/deliveries/         what was loaded
W/data/snapshots/          what was frozen
W/data/keys/               the keys of registered names, kept to save time; may be removed
W/data/facts/              the facts of the last simulations, kept to save time; may be removed
W/runs/                    what was matched
W/identity/                what people decided about firms
W/ledger/                  what was paid, unless the settings say that the ledger is elsewhere
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from enterprise_data.atomic import replace_text
from enterprise_data.catalogue.load import Catalogue, load_catalogue
from enterprise_data.declarations.problems import MianshenError
from enterprise_data.deliveries import Deliveries
from enterprise_data.settings import TEMPLATE, Settings, read_settings

SETTINGS = "mianshen.toml"


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
            replace_text(path / SETTINGS, TEMPLATE.format(bundled="false" if bare else "true"))
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
        return Workspace(path, read_settings(file))

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
    def facts(self) -> Path:
        """Return the folder of what simulations keep from one to the next; it may be removed at any time."""
        return self.root / "data" / "facts"

    @property
    def identity(self) -> Path:
        """Return the folder of what people decided about firms; it need not exist."""
        return self.root / "identity"

    @property
    def ledger(self) -> Path:
        """Return the folder of the ledger and of the files that were made for banks; it need not exist."""
        return self.root / "ledger"

    @property
    def policy_dir(self) -> Path:
        """Return the folder of own policies."""
        return self.root / "policies"

    @property
    def bundled_policies(self) -> bool:
        """Tell whether the policies that come with Mianshen are used."""
        return self.settings.policies.bundled
