"""ISO 20022 credit transfers (pain.001.001.09) with Chinese accounts and 联行号.

Names of elements and their order are those of the standard's schema. An account stands in `Othr/Id`, since China has no
IBAN; a branch in `ClrSysMmbId` with the clearing system `CNAPS` of the external code list. `EndToEndId` is the
payment's id, `MsgId` the batch's; both come back in the bank's answer.
"""

from __future__ import annotations

from xml.sax.saxutils import escape

from payouts.bank.elements import elements
from payouts.bank.instruction import Instruction
from payouts.bank.parts import Part, created_at, yuan

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
_HEAD = """\
<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="{namespace}"><CstmrCdtTrfInitn>
<GrpHdr><MsgId>{message}</MsgId><CreDtTm>{created_at}</CreDtTm>\
<NbOfTxs>{rows}</NbOfTxs><CtrlSum>{total}</CtrlSum><InitgPty><Nm>{payer}</Nm></InitgPty></GrpHdr>
<PmtInf><PmtInfId>{message}</PmtInfId><PmtMtd>TRF</PmtMtd><NbOfTxs>{rows}</NbOfTxs><CtrlSum>{total}</CtrlSum>\
<ReqdExctnDt><Dt>{day}</Dt></ReqdExctnDt><Dbtr><Nm>{payer}</Nm></Dbtr>\
<DbtrAcct><Id><Othr><Id>{account}</Id></Othr></Id></DbtrAcct><DbtrAgt><FinInstnId>{branch}</FinInstnId></DbtrAgt>
"""
_TRANSFER = """\
<CdtTrfTxInf><PmtId><EndToEndId>{id}</EndToEndId></PmtId><Amt><InstdAmt Ccy="CNY">{amount}</InstdAmt></Amt>{bank}\
<Cdtr><Nm>{payee}</Nm></Cdtr><CdtrAcct><Id><Othr><Id>{account}</Id></Othr></Id></CdtrAcct>{purpose}</CdtTrfTxInf>
"""
_BANK = "<CdtrAgt><FinInstnId>{branch}{name}</FinInstnId></CdtrAgt>"
_BRANCH = "<ClrSysMmbId><ClrSysId><Cd>CNAPS</Cd></ClrSysId><MmbId>{code}</MmbId></ClrSysMmbId>"
_FOOT = "</PmtInf></CstmrCdtTrfInitn></Document>\n"


def message_id(part: Part) -> str:
    """Return the id of a part's message: the batch's, with the number of the part if there are several."""
    return part.order.batch_id + (f"-{part.number}" if part.count > 1 else "")


def to_pain_001(part: Part) -> bytes:
    """Write a part as one message with one payment information block, to be executed on the day it was made."""
    order = part.order
    head = _HEAD.format(
        namespace=NAMESPACE,
        message=message_id(part),
        created_at=order.created_at,
        day=created_at(order).date().isoformat(),
        rows=len(part.instructions),
        total=yuan(part.total_fen),
        payer=escape(order.payer_name),
        account=escape(order.payer_account),
        branch=_BRANCH.format(code=order.payer_bank_code),
    )
    return "".join([head, *map(_transfer, part.instructions), _FOOT]).encode()


def _transfer(payment: Instruction) -> str:
    bank, purpose = "", ""
    if payment.bank_code or payment.bank_name:
        branch = _BRANCH.format(code=payment.bank_code) if payment.bank_code else ""
        name = f"<Nm>{escape(payment.bank_name)}</Nm>" if payment.bank_name else ""
        bank = _BANK.format(branch=branch, name=name)
    if payment.purpose:
        purpose = f"<RmtInf><Ustrd>{escape(payment.purpose)}</Ustrd></RmtInf>"
    return _TRANSFER.format(
        id=payment.payment_id,
        amount=yuan(payment.fen),
        bank=bank,
        payee=escape(payment.payee_name),
        account=payment.account_no,
        purpose=purpose,
    )


def from_pain_001(content: bytes) -> tuple[list[str], list[tuple[str, str]]]:
    """Return the amounts of a message that `to_pain_001` wrote, and what it says of their number and sum, twice.

    Raises:
        ValueError: not such a message.
    """
    amounts: list[str] = []
    said: dict[str, list[str]] = {"NbOfTxs": [], "CtrlSum": []}
    namespace = f"{{{NAMESPACE}}}"
    for element in elements(content):
        if not element.tag.startswith(namespace):
            raise ValueError(f"an element {element.tag} of another standard")
        name = element.tag.removeprefix(namespace)
        if name == "InstdAmt":
            amounts.append(str(element.text))
        elif name in said:
            said[name].append(str(element.text))
        elif name == "CdtTrfTxInf":
            element.clear()
    return amounts, list(zip(said["NbOfTxs"], said["CtrlSum"], strict=False))
