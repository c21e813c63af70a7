"""What versions of a policy are decided over: their plan, the facts it asks for, and these where they were kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlglot import exp

from enterprise_data.snapshot.snapshot import Snapshot
from matcher.coverage import Feeds
from matcher.plan import Plan
from matcher.run.engine import feeds_of
from matcher.run.patterns import digit
from matcher.simulate.baseline import Pairs
from matcher.simulate.binding import Bound, Setting
from matcher.simulate.kept import Kept
from matcher.sql.build import select, some_hold
from matcher.sql.compile import Compiler
from matcher.sql.facts import FactBuilder, FactTable


@dataclass(frozen=True)
class Ground:
    """The plan of versions over a snapshot; `rows` reads their facts where they were kept.

    `numbers` maps the place of a version to its policy_no in the plan; versions that are idle have none.
    """

    snapshot: Snapshot
    plan: Plan
    numbers: Mapping[int, int]
    feeds: Feeds
    table: FactTable
    kept: Kept
    rows: exp.Select | None

    @staticmethod
    def of(folder: Path, snapshot: Snapshot, setting: Setting, versions: Sequence[Bound]) -> Ground:
        """Plan versions; what is kept lies in `folder`."""
        deciding = [place for place, version in enumerate(versions) if version.idle is None]
        numbers = {place: no for no, place in enumerate(deciding)}
        plan = Plan(setting.context, setting.catalogue, tuple(versions[place].policy for place in deciding), ())
        feeds = feeds_of(snapshot)
        table = FactBuilder(setting.catalogue, feeds, setting.context.as_of).plan(plan.facts())
        kept = Kept.of(folder, snapshot, table)
        return Ground(snapshot, plan, numbers, feeds, table, kept, kept.rows())

    def verify(self) -> None:
        """Compare the files that will be read with what was sealed.

        Raises:
            MianshenError: naming each file that is missing or altered.
        """
        items = {policy.award.items.dataset for policy in self.plan.policies if policy.award and policy.award.items}
        read = self.plan.datasets() if self.rows is None else items
        self.snapshot.verify_datasets({self.snapshot.catalogue.register.dataset, *read})

    def known(self, differing: Pairs | None) -> exp.Select | None:
        """Return the kept facts; with pairs of conditions, only of firms for which a pair comes out differently."""
        if self.rows is None or differing is None:
            return self.rows
        compiler = Compiler(self.table.columns)
        differ = (
            exp.NEQ(this=digit(compiler.condition(old)), expression=digit(compiler.condition(new)))
            for old, new in differing
        )
        return select([exp.Star()], self.rows.subquery("kept"), where=some_hold(*differ))
