"""Seconds of processor time to write 100,000 payments in each shipped form, and to read the totals back.

python benchmarks/bank_files.py [PAYMENTS]
"""

from __future__ import annotations

import sys
import time

from payouts.bank.mapping_file import find_mapping, shipped_mappings
from payouts.bank.totals import totals
from payouts.bank.write import write
from tests.payouts.bank.orders import numbered


def main(payments: int) -> None:
    """Print one line a mapping; the row limits are left out, so that all payments are in one file."""
    order = numbered(payments)
    for name in shipped_mappings():
        mapping = find_mapping(name).model_copy(update={"row_limit": None, "max_amount": None})
        start = time.process_time()
        (file,) = write(order, mapping)
        written = time.process_time()
        assert totals(file.content, mapping) == (payments, order.total_fen)
        read = time.process_time()
        size = len(file.content) / 1e6
        print(f"{name:24} {written - start:6.2f} s to write, {read - written:6.2f} s to read back, {size:6.1f} MB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
