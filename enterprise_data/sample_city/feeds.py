"""Which department delivers what, in which form, keyed how, and how old: the plan of the sample city's files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import polars as pl

from enterprise_data.catalogue.model import FirmKey
from enterprise_data.sample_city import faults, finance, insurance, recognitions, registry, taxes, trade
from enterprise_data.sample_city.world import DELIVERED_ON, World

Rows = Callable[[World, pl.DataFrame], pl.DataFrame]


class Form(StrEnum):
    """How a file is written; the value is its ending."""

    CSV = "csv"
    CSV_GB18030 = "gb18030.csv"
    XLSX = "xlsx"
    PARQUET = "parquet"
    JSON_LINES = "jsonl"


@dataclass(frozen=True)
class Feed:
    """One dataset as its department delivers it: `keys` are the columns by which its rows name their firm."""

    dataset: str
    rows: Rows
    form: Form
    keys: tuple[FirmKey, ...]
    data_date: date = DELIVERED_ON


_CODE = (FirmKey.USCC,)
_BOTH = (FirmKey.USCC, FirmKey.NAME)
_NAME = (FirmKey.NAME,)
_WITH_REGISTRATION_NO = (FirmKey.USCC, FirmKey.REGISTRATION_NO, FirmKey.NAME)
# As of its last delivery; older than the catalogue allows, so that its facts are unknown.
_STALE = date(2024, 9, 30)

FEEDS = (
    Feed("registration", registry.registration, Form.CSV_GB18030, _WITH_REGISTRATION_NO),
    Feed("former_names", registry.former_names, Form.CSV, _CODE),
    Feed("registration_changes", registry.registration_changes, Form.CSV, _CODE),
    Feed("successions", registry.successions, Form.JSON_LINES, _CODE),
    Feed("relations", registry.relations, Form.CSV, _BOTH),
    Feed("abnormal_operation", registry.abnormal_operation, Form.CSV_GB18030, _WITH_REGISTRATION_NO),
    Feed("serious_violations", registry.serious_violations, Form.CSV, _BOTH),
    Feed("tax", taxes.tax, Form.CSV, _CODE),
    Feed("tax_rating", taxes.tax_rating, Form.CSV_GB18030, _BOTH),
    Feed("tax_arrears", taxes.tax_arrears, Form.CSV, _BOTH),
    Feed("rd_deductions", taxes.rd_deductions, Form.JSON_LINES, _CODE),
    Feed("social_insurance", insurance.social_insurance, Form.PARQUET, (FirmKey.USCC, FirmKey.ORGANISATION_CODE)),
    Feed("unemployment_insurance", insurance.unemployment_insurance, Form.PARQUET, _CODE),
    Feed("graduate_hires", insurance.graduate_hires, Form.CSV_GB18030, _CODE),
    Feed("wage_arrears", insurance.wage_arrears, Form.CSV, _BOTH),
    Feed("hightech", recognitions.hightech, Form.CSV, _BOTH),
    Feed("technology_smes", recognitions.technology_smes, Form.CSV_GB18030, _BOTH),
    Feed("honours", recognitions.honours, Form.XLSX, _NAME),
    Feed("first_sets", recognitions.first_sets, Form.CSV, _NAME),
    Feed("penalties", faults.penalties, Form.CSV_GB18030, _WITH_REGISTRATION_NO),
    Feed("dishonesty", faults.dishonesty, Form.CSV, _NAME),
    Feed("safety_accidents", faults.safety_accidents, Form.XLSX, _NAME),
    Feed("environment_gate", faults.environment_gate, Form.CSV, _NAME),
    Feed("research_misconduct", faults.research_misconduct, Form.XLSX, _BOTH),
    Feed("zombie_firms", faults.zombie_firms, Form.CSV_GB18030, _BOTH, _STALE),
    Feed("patents", trade.patents, Form.JSON_LINES, _BOTH),
    Feed("exports", trade.exports, Form.CSV, _CODE),
    Feed("export_insurance", trade.export_insurance, Form.CSV, _BOTH),
    Feed("listing_stages", trade.listing_stages, Form.XLSX, _BOTH),
    Feed("drug_approvals", trade.drug_approvals, Form.XLSX, _BOTH),
    Feed("projects", trade.projects, Form.CSV, _BOTH),
    Feed("statistics_entry", finance.statistics_entry, Form.CSV, _CODE),
    Feed("payments", finance.payments, Form.CSV_GB18030, _NAME),
    Feed("bank_accounts", finance.bank_accounts, Form.CSV, _CODE),
)
# Delivered once, not per firm.
CITY = "city"
# What the city's departments never delivered, and why.
MISSING = {
    "output": "The statistics office may use single reports for statistics only (统计法) and delivers none.",
    "quality_awards": "The list of quality awards has not been connected yet.",
    "yearly_output": "As for the output of quarters, the statistics office delivers no single reports.",
    "equity_financing": "What firms raise on equity markets has not been connected yet.",
    "equipment_investment": "No policy of this city asks for verified investment in equipment.",
    "sector_blacklists": "The blacklists of single fields have not been connected yet.",
    "disability_employment": "The yearly review of the employment of disabled people has not been connected yet.",
    "income_tax": "The tax office delivers yearly returns, but not yet how the income tax was settled.",
    "vat": "Monthly returns of value-added tax have not been connected yet.",
    "advanced_makers": "The list of advanced manufacturers has not been connected yet.",
}
