"""A text reaches the bank letter for letter, or is refused by name; there is no third way."""

from __future__ import annotations

from dataclasses import replace
from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payouts.bank.instruction import Order
from payouts.bank.mapping import Charset, Form, Mapping
from payouts.bank.mapping_file import find_mapping, shipped_mappings
from payouts.bank.pain_001 import NAMESPACE
from payouts.bank.refusals import OrderRefused
from payouts.bank.texts import Texts, texts_of
from payouts.bank.write import write
from tests.payouts.bank.orders import PAYEE, order, payee
from tests.payouts.bank.reading import expected, payments_of

# Characters that make trouble somewhere, among plain ones.
TROUBLE = "=+-@＝＋－＠\t\r\n\x00\x0b\x85|,;\"'&<>]_x\\ 　\u00a0\u200b\u202e\ufeff\ue000€·—𠮷㙍䶮龴ḿé\ufffd\u2028한😀"
PLAIN = "某公司有限科技奖励ABC123（）、〔〕·—𠮷㙍&<>_x;'\"|,"
ANY_TEXT = st.one_of(
    st.text(st.sampled_from(PLAIN), min_size=1, max_size=12),
    st.text(st.one_of(st.sampled_from(TROUBLE), st.characters(), st.sampled_from(PLAIN)), max_size=24),
)
MAPPINGS = {name: find_mapping(name) for name in sorted(shipped_mappings())}


@pytest.mark.parametrize("name", MAPPINGS)
@given(payee_name=ANY_TEXT, purpose=ANY_TEXT, bank_name=ANY_TEXT)
def test_no_text_is_ever_changed(name: str, payee_name: str, purpose: str, bank_name: str) -> None:
    mapping = MAPPINGS[name]
    payment = replace(PAYEE, payee_name=payee_name, purpose=purpose, bank_name=bank_name)
    whole = order(payee(1), payment, payee(2))
    found = written(whole, mapping)
    if isinstance(found, OrderRefused):
        assert {refusal.payment_id for refusal in found.refusals} == {PAYEE.payment_id}
    elif mapping.form is Form.PAIN_001:
        assert texts_in_message(found, payment.payment_id) == [payee_name, bank_name, purpose]
    else:
        wanted = [expected(payment, number, whole, mapping) for number, payment in enumerate(whole.instructions, 1)]
        assert payments_of(found, mapping) == wanted


@pytest.mark.parametrize("name", MAPPINGS)
@given(
    texts=st.lists(ANY_TEXT, max_size=4),
    max_bytes=st.none() | st.integers(1, 40),
    max_characters=st.none() | st.integers(1, 20),
)
def test_many_texts_are_cleared_as_each_of_them_is(
    name: str, texts: list[str], max_bytes: int | None, max_characters: int | None
) -> None:
    allowed = texts_of(MAPPINGS[name])
    faults = [allowed.fault(text, max_bytes, max_characters) for text in texts]
    assert allowed.clear(texts, max_bytes, max_characters) == (not any(faults))


def written(whole: Order, mapping: Mapping) -> bytes | OrderRefused:
    """Return the one file of an order, or why there is none."""
    try:
        (file,) = write(whole, mapping)
    except OrderRefused as refused:
        return refused
    return file.content


def texts_in_message(content: bytes, payment_id: str) -> list[str]:
    """Return payee, bank and purpose of a payment in an ISO 20022 message."""
    spaces = {"": NAMESPACE}
    transfers = fromstring(content).iterfind(".//CdtTrfTxInf", spaces)
    (found,) = [transfer for transfer in transfers if transfer.findtext("PmtId/EndToEndId", "", spaces) == payment_id]
    paths = ("Cdtr/Nm", "CdtrAgt/FinInstnId/Nm", "RmtInf/Ustrd")
    return [found.findtext(path, "", spaces) for path in paths]


@pytest.mark.parametrize(
    ("text", "charset", "what"),
    [
        ("𠮷田公司", Charset.GBK, "holds `𠮷` (U+20BB7), which gbk does not have"),
        ("𠮷田公司", Charset.GB18030, None),
        ("㙍某公司", Charset.GBK, "holds `㙍` (U+364D), which gbk does not have"),
        ("㙍某公司", Charset.GB18030, None),
        ("镕某公司", Charset.GBK, None),
        ("€某公司", Charset.GBK, "holds `€` (U+20AC), which gbk does not have"),
        ("龴某公司", Charset.UTF_8, None),
        (
            "龴某公司",
            Charset.GB18030,
            "holds `龴` (U+9FB4), whose bytes mean another character in another GB 18030 edition",
        ),
        ("某\ue5e5公司", Charset.GB18030, "holds a private character, which every system draws differently (U+E5E5)"),
        ("某\u200b公司", Charset.UTF_8, "holds an invisible character (U+200B)"),
        ("某\u202e公司", Charset.UTF_8, "holds an invisible character (U+202E)"),
        ("某\ud800公司", Charset.UTF_8, "holds half a character (U+D800)"),
        ("某\n公司", Charset.UTF_8, "holds a control character (U+000A)"),
        ("某\u2028公司", Charset.UTF_8, "holds a line break (U+2028)"),
        ("某\u00a0公司", Charset.UTF_8, "holds a space of a special kind (U+00A0)"),
        ("某\uffff公司", Charset.UTF_8, "holds a character that Unicode does not know (U+FFFF)"),
        ("某　公司", Charset.GBK, None),
        ("某公司　", Charset.GBK, "has a space at its beginning or end, which banks cut off"),
        (" 某公司", Charset.GBK, "has a space at its beginning or end, which banks cut off"),
        *(
            (f"{sign}某", Charset.UTF_8, f"begins with `{sign}`, which spreadsheets run as a formula")
            for sign in "=+-@"
        ),
        ("＝某", Charset.UTF_8, "begins with `＝` (U+FF1D), which spreadsheets run as a formula"),
        ("＋某", Charset.UTF_8, "begins with `＋` (U+FF0B), which spreadsheets run as a formula"),
        ("－某", Charset.UTF_8, "begins with `－` (U+FF0D), which spreadsheets run as a formula"),
        ("＠某", Charset.UTF_8, "begins with `＠` (U+FF20), which spreadsheets run as a formula"),
        ("\t某", Charset.UTF_8, "begins with U+0009, which spreadsheets run as a formula"),
        ("\r某", Charset.UTF_8, "begins with U+000D, which spreadsheets run as a formula"),
        ("某-公司=+@", Charset.UTF_8, None),
    ],
)
def test_which_texts_a_charset_takes(text: str, charset: Charset, what: str | None) -> None:
    fault = Texts(charset, edition_matters=charset is Charset.GB18030).fault(text)
    assert (fault.what if fault else None) == what
    if fault is None:
        assert text.encode(charset.text_codec).decode(charset.text_codec) == text


@pytest.mark.parametrize(
    ("charset", "fits"), [(Charset.GBK, 10), (Charset.GB18030, 10), (Charset.UTF_8, 6), (Charset.UTF_8_BOM, 6)]
)
def test_bytes_are_counted_in_the_charset(charset: Charset, fits: int) -> None:
    texts = Texts(charset)
    assert texts.fault("字" * fits, max_bytes=20) is None
    fault = texts.fault("字" * (fits + 1), max_bytes=20)
    assert fault
    assert f"bytes in {charset.value}, and the bank takes 20" in fault.what


def test_four_bytes_of_gb18030_count_as_four() -> None:
    assert Texts(Charset.GB18030).fault("𠮷", max_bytes=4) is None
    assert Texts(Charset.GB18030).fault("𠮷", max_bytes=3)


def test_a_text_that_looks_like_an_escape_of_a_workbook_stays_text() -> None:
    mapping = find_mapping("sample-workbook")
    whole = order(replace(PAYEE, payee_name="某_x000D_公司_x5f_"))
    (file,) = write(whole, mapping)
    assert "某_x005F_x000D_公司_x5f_".encode() in file.content
