"""Plug-ins are found by their entry points, and what they write is held against the order."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from enterprise_data.declarations.problems import MianshenError
from payouts.bank.bank_file import BankFile
from payouts.bank.channels import MappedChannel, export, find_channel
from payouts.bank.instruction import Order
from payouts.bank.mapping_file import find_mapping
from payouts.bank.write import write
from tests.payouts.bank.orders import numbered

PLUGIN = """
from pathlib import Path
from enterprise_data.declarations.problems import MianshenError
from payouts.bank.bank_file import BankFile

class Vendor:
    fingerprint = "vendor 1"
    def __init__(self, settings):
        self.settings = settings
    def export(self, order):
        lines = [f"{p.payment_id} {p.fen}" for p in order.instructions]
        content = "\\n".join(lines).encode()
        return (BankFile(1, f"{order.batch_id}.vendor", content, len(lines), order.total_fen),)
    def totals(self, content):
        amounts = [int(line.split()[1]) for line in content.decode().splitlines()]
        return len(amounts), sum(amounts)
    def read_answer(self, content, name):
        raise MianshenError(f"{name}: this bank answers by letter")

def open_channel(settings: Path | None):
    return Vendor(settings)

def nothing(settings):
    return object()
"""


def install(folder: Path, package: str, points: str) -> None:
    """Lay a distribution with entry points where Python finds it."""
    (folder / "vendor_channel.py").write_text(PLUGIN, encoding="utf-8")
    about = folder / f"{package}-1.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1\n", encoding="utf-8")
    (about / "entry_points.txt").write_text(f"[mianshen.payout_channels]\n{points}\n", encoding="utf-8")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "vendor_channel", raising=False)
    return tmp_path


def test_a_plug_in_is_found_by_its_name_and_gets_its_settings(site: Path) -> None:
    install(site, "vendor", "vendor-bank = vendor_channel:open_channel")
    channel = find_channel("vendor-bank", settings=site / "settings.ini")
    assert vars(channel) == {"settings": site / "settings.ini"}
    (file,) = export(numbered(3), channel)
    assert (file.name, file.rows, file.total_fen) == ("B2024-7.vendor", 3, numbered(3).total_fen)


@pytest.mark.parametrize(
    ("point", "why"),
    [
        ("vendor_channel:absent", "the channel `vendor-bank` of vendor cannot be loaded"),
        ("no_such_module:x", "the channel `vendor-bank` of vendor cannot be loaded"),
        ("vendor_channel:PLUGIN_TEXT", "cannot be loaded"),
        ("vendor_channel:nothing", "`vendor-bank` of vendor is no channel"),
    ],
)
def test_what_cannot_be_loaded_is_told_with_its_package(site: Path, point: str, why: str) -> None:
    install(site, "vendor", f"vendor-bank = {point}")
    with pytest.raises(MianshenError, match=why):
        find_channel("vendor-bank")


def test_two_plug_ins_of_one_name_are_refused(site: Path) -> None:
    install(site, "vendor", "vendor-bank = vendor_channel:open_channel")
    install(site, "other", "vendor-bank = vendor_channel:open_channel")
    with pytest.raises(MianshenError, match="other and vendor both offer a channel `vendor-bank`"):
        find_channel("vendor-bank")


def test_a_mapping_is_a_channel() -> None:
    channel = find_channel("sample-pipe-gb18030", answers="sample-pipe-return")
    mapping = find_mapping("sample-pipe-gb18030")
    assert isinstance(channel, MappedChannel)
    assert channel.fingerprint == mapping.sha256
    assert export(numbered(3), channel) == write(numbered(3), mapping)
    with pytest.raises(MianshenError, match="empty"):
        channel.read_answer(b"", "empty.txt")
    with pytest.raises(MianshenError, match="there is no mapping `vendor-bank`"):
        find_channel("vendor-bank")


@dataclass(frozen=True)
class Wrong(MappedChannel):
    """A channel that writes an order otherwise than it should."""

    fault: str = ""

    def export(self, order: Order) -> tuple[BankFile, ...]:
        (file,) = super().export(order)
        (less,) = super().export(replace(order, instructions=order.instructions[1:]))
        return {
            "drops": (less,),
            "doubles": (file, replace(file, part=2, name="second.txt")),
            "states": (replace(file, total_fen=file.total_fen + 1),),
            "escapes": (replace(file, name="../B.txt"),),
            "numbers": (replace(file, part=2),),
            "overwrites": (less, replace(less, part=2)),
            "nothing": (),
        }[self.fault]


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        ("drops", r"its files hold \(2, 221\) payments and fen in all, and the batch \(3, 321\)"),
        ("doubles", r"its files hold \(6, 642\) payments and fen in all"),
        ("states", r"should hold \(3, 322\) payments and fen, but its bytes hold \(3, 321\)"),
        ("escapes", r"its file 1 is called `\.\./B\.txt`"),
        ("numbers", "its file 1 is called `B2024-7.txt`, part 2"),
        ("overwrites", "two of its files have one name"),
        ("nothing", r"its files hold \(0, 0\)"),
    ],
)
def test_files_that_are_not_the_order_are_refused(fault: str, why: str) -> None:
    with pytest.raises(MianshenError, match=why):
        export(numbered(3), Wrong(find_mapping("sample-pipe-gb18030"), None, fault))
