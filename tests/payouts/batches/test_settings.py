"""A bureau's settings: what they mean, and every fault with its place."""

from pathlib import Path

import pytest

from enterprise_data.declarations.problems import MianshenError, ProblemsFound
from payouts.bank.mapping_file import FOLDERS
from payouts.batches.settings import Payer, Settings, read_settings

_TEXT = """\
# A sample: no bureau's settings.
payer: {name: 虚构财政局, account: "10001"}
channel: sample-pipe-gb18030
third_signature: {payment_above: 500000.00, batch_above: 10000000}
cooling_off_days: 14
purpose: "{policy}（{period}）补贴"
purposes: {some-policy: 稳岗返还}
"""


def read(folder: Path, text: str) -> Settings:
    file = folder / "payouts.yaml"
    file.write_text(text, encoding="utf-8")
    return read_settings(file)[0]


def test_what_settings_mean(tmp_path: Path) -> None:
    settings = read(tmp_path, _TEXT)
    assert settings.payer == Payer(name="虚构财政局", account="10001")
    assert (settings.channel, settings.cooling_off_days) == ("sample-pipe-gb18030", 14)
    assert settings.purpose_of("a", "2024", "", "") == "a（2024）补贴"
    assert settings.purpose_of("some-policy", "2024", "", "") == "稳岗返还"
    third = settings.third_signature
    cases = ((500_000_00, 500_000_00), (500_000_01, 1), (1, 10_000_000_00), (1, 10_000_000_01))
    assert [third.needed(*case) for case in cases] == [False, True, False, True]


def test_settings_come_back_from_json_as_they_were(tmp_path: Path) -> None:
    settings = read(tmp_path, _TEXT)
    assert Settings.model_validate(settings.model_dump(mode="json")) == settings


def test_a_mapping_beside_the_file(tmp_path: Path) -> None:
    shipped = (FOLDERS[0] / "sample-pipe-gb18030.yaml").read_text(encoding="utf-8")
    (tmp_path / "ours.yaml").write_text(shipped, encoding="utf-8")
    beside = read(tmp_path, _TEXT.replace("sample-pipe-gb18030", "ours.yaml"))
    assert (beside.channel, beside.channel_sha256) == ("ours", read(tmp_path, _TEXT).channel_sha256)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{policy}（", "{firm}（", r"payouts.yaml:6:.*`\{firm\}` is not known"),
        ("{policy}（", "{policy!r}（", r"payouts.yaml:6:.*`\{policy\}` is not known"),
        ("补贴", "补" * 60, "payouts.yaml:6:.*at most 60 characters"),
        ("{policy}（", "{（", "payouts.yaml:6:"),
        ("500000.00", "0", "payouts.yaml:4:.*greater than 0"),
        ("500000.00", "0.001", "payouts.yaml:4:.*2 decimal places"),
        ("14", "-1", "payouts.yaml:5:.*greater than or equal to 0"),
        ("channel:", "chanel:", "payouts.yaml:3:.*unknown key `chanel`"),
        ('account: "10001"', 'account: ""', "payouts.yaml:2:.*at least 1 character"),
    ],
)
def test_faults_have_their_place(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(ProblemsFound, match=said):
        read(tmp_path, _TEXT.replace(old, new))


def test_there_is_no_such_channel(tmp_path: Path) -> None:
    with pytest.raises(MianshenError, match=r"there is no mapping `sample-pip`.*did you mean"):
        read(tmp_path, _TEXT.replace("sample-pipe-gb18030", "sample-pip"))
