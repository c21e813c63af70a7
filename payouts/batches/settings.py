"""A bureau's own settings of payouts: who pays, in which form the bank is told, and when a third officer signs."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from string import Formatter
from typing import Annotated

from pydantic import AfterValidator, Field

from enterprise_data.declarations import strict_yaml
from enterprise_data.declarations.schema import Declared, validate
from payouts.bank.channels import Channel, find_channel

_PURPOSE_FIELDS = ("policy", "period", "item", "clause")
_ENDINGS = (".yaml", ".yml")


def _purpose(text: str) -> str:
    """Refuse a template that says anything but the known names in braces."""
    for _, name, form, conversion in Formatter().parse(text):
        if name is not None and (name not in _PURPOSE_FIELDS or form or conversion):
            known = ", ".join(f"{{{field}}}" for field in _PURPOSE_FIELDS)
            raise ValueError(f"`{{{name}}}` is not known; what can be filled in is {known}")
    return text


Purpose = Annotated[str, Field(min_length=1, max_length=60), AfterValidator(_purpose)]
Yuan = Annotated[Decimal, Field(gt=0, decimal_places=2)]


class Payer(Declared):
    """The bureau's own account (付款账户); `bank_code` is its bank's 联行号, empty if the channel does not ask."""

    name: Annotated[str, Field(min_length=1)]
    account: Annotated[str, Field(min_length=1)]
    bank_code: str = ""


class ThirdSignature(Declared):
    """Amounts in yuan above which maker and checker do not do: of one payment, or of a whole batch; None: never."""

    payment_above: Yuan | None = None
    batch_above: Yuan | None = None

    def needed(self, largest_fen: int, total_fen: int) -> bool:
        """Return whether a batch needs a third signature."""
        limits = ((self.payment_above, largest_fen), (self.batch_above, total_fen))
        return any(limit is not None and fen > limit * 100 for limit, fen in limits)


class _Rules(Declared):
    payer: Payer
    third_signature: ThirdSignature = ThirdSignature()
    cooling_off_days: Annotated[int, Field(ge=0, le=366)] = 7
    purpose: Purpose
    purposes: dict[str, Purpose] = Field(default_factory=dict)


class Settings(_Rules):
    """What a plan is drawn by; a batch keeps all of it, so that the plan can be drawn again.

    `channel` names the way to the bank, `channel_sha256` fixes what its files look like. Who entered an account in the
    `cooling_off_days` before the plan may not approve a payment to it. `purpose` is the remark that the payee reads,
    `purposes` has those of single policies; `{policy}`, `{period}`, `{item}` and `{clause}` are filled in.
    """

    channel: str
    channel_sha256: str

    def purpose_of(self, policy: str, period: str, item: str, clause: str) -> str:
        """Return the remark (用途) of a payment; what is empty leaves no double or trailing space."""
        template = self.purposes.get(policy, self.purpose)
        told = template.format_map({"policy": policy, "period": period, "item": item, "clause": clause})
        return " ".join(told.split())


class _SettingsFile(_Rules):
    channel: Annotated[str, Field(min_length=1)]
    answers: str = ""
    channel_settings: str | None = None


def read_settings(path: Path) -> tuple[Settings, Channel]:
    """Read a bureau's settings and open its channel (see `payouts.bank.channels.find_channel`).

    `channel` and `answers` are names, or paths beside the file; `channel_settings` is a path beside it, for plug-ins.

    Raises:
        ProblemsFound: every fault of the file, or of a mapping, with its place.
        MianshenError: there is no such channel.
    """
    file = validate(_SettingsFile, strict_yaml.read(path), "PAY001")
    own = None if file.channel_settings is None else path.parent / file.channel_settings
    channel = find_channel(_beside(path, file.channel), _beside(path, file.answers), own)
    told = file.model_dump(exclude={"channel", "answers", "channel_settings"})
    name = Path(file.channel).stem if file.channel.endswith(_ENDINGS) else file.channel
    return Settings(**told, channel=name, channel_sha256=channel.fingerprint), channel


def _beside(path: Path, word: str) -> str:
    return str(path.parent / word) if word.endswith(_ENDINGS) else word
