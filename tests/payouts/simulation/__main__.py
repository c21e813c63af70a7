"""Tells a seed again: `python -m tests.payouts.simulation 17`, or many: `python -m tests.payouts.simulation 0 1000`."""

import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.payouts.reopening import seldom_collecting
from tests.payouts.simulation.city import template
from tests.payouts.simulation.simulate import Failed, simulate

_OFTEN = 500  # seeds, after which a long run says how far it is


def main(first: int, last: int | None = None) -> int:
    """Run one seed and show its steps, or all from `first` up to `last` and count what happened."""
    failed, counts, begun = 0, Counter[str](), time.monotonic()
    with tempfile.TemporaryDirectory() as name, seldom_collecting():
        made = template(Path(name) / "template.sqlite")
        for seed in range(first, first + 1 if last is None else last):
            try:
                steps, taken = simulate(seed, made)
            except Failed as error:
                failed += 1
                sys.stdout.write(f"{error}\n")
            else:
                counts.update(taken)
                if last is None:
                    sys.stdout.write("\n".join(steps) + "\n")
            if (seed + 1) % _OFTEN == 0:
                sys.stdout.write(f"{seed + 1 - first} seeds, {failed} failed, {time.monotonic() - begun:.0f} s\n")
            sys.stdout.flush()
    told = ", ".join(f"{word} {count}" for word, count in sorted(counts.items()))
    sys.stdout.write(f"{failed} failed, {time.monotonic() - begun:.1f} s; {told}\n")
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:3])))
