"""`mianshen policy search`: find policies by words and by whom, where and until when they are for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import rich_click as click

from cli.options import Day, common, form_option
from cli.output import Column, Format, Row, write_rows
from cli.policy_views import applies_text
from cli.session import Session
from enterprise_data.declarations.problems import MianshenError
from policies.model import PolicyKind, Status

if TYPE_CHECKING:
    from policies.search.rank import Found, Hit, Match

_COLUMNS = (
    Column("policy", "Policy"),
    Column("title", "Title", wrap=True),
    Column("kind", "Kind"),
    Column("status", "Status"),
    Column("applies", "Applies", "; ".join, wrap=True),
    Column("matched", "Matched", wrap=True),
)
_DATA = (*_COLUMNS[:5], Column("last_day", "Until"), Column("score", "Score"), _COLUMNS[5])


@click.command("search")
@click.argument("words", metavar="[WORDS]...", nargs=-1)
@click.option("--region", metavar="NAME", help="For firms in this region: a name or a code of GB/T 2260.")
@click.option("--department", metavar="NAME", help="Issued or answered for by a department whose name holds this.")
@click.option("--kind", type=click.Choice(PolicyKind, case_sensitive=False), help="What it gives.")
@click.option("--status", type=click.Choice(Status, case_sensitive=False), help="Where it stands.")
@click.option(
    "--expiring-within", type=click.IntRange(0, 36_500), metavar="DAYS",
    help="Its last period ends so soon after the day of --as-of.",
)  # fmt: skip
@click.option("--as-of", type=Day(), help="The day from which --expiring-within counts.")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="Show at most so many.")
@form_option
@common
@click.pass_obj
def search(
    session: Session,
    words: tuple[str, ...],
    region: str | None,
    department: str | None,
    kind: PolicyKind | None,
    status: Status | None,
    expiring_within: int | None,
    as_of: date | None,
    limit: int,
    form: Format,
) -> None:
    """Find policies by WORDS: of the title, conditions, topics, document number, department or region.

    Synonyms count (高企 finds 高新技术企业), and so do words with a wrong or missing character. Policies that match
    more of the words come first; those that match less than half of them are left out.

    Example: `mianshen policy search 研发 小微 --region 青岛市`
    """
    from policies.load import workspace_library
    from policies.search.filters import Filter, expiring
    from policies.search.rank import search as ranked

    if (expiring_within is None) != (as_of is None):
        raise click.UsageError("--expiring-within DAYS and --as-of DAY belong together: give both or neither")
    prefix = _prefix(region) if region is not None else None
    ends = expiring(expiring_within, as_of) if expiring_within is not None and as_of is not None else None
    wanted = Filter(prefix, department or "", kind, status, ends)
    library = workspace_library(session.workspace())
    found = ranked([policy for policy in library.policies if wanted.passes(policy)], " ".join(words))
    hits = found.hits[:limit]
    columns = _COLUMNS if form is Format.TABLE else _DATA
    write_rows(form, columns, [_row(hit, form) for hit in hits])
    session.note(_note(found, len(hits)))


def _prefix(region: str) -> str:
    from enterprise_data.codes import regions

    try:
        return regions.prefix_of(region)
    except LookupError as error:
        raise MianshenError(str(error)) from None


def _note(found: Found, shown: int) -> str:
    if not found.hits:
        return "no policy found; try fewer or other words, or `mianshen policy list`"
    more = f", {shown} shown (--limit)" if shown < len(found.hits) else ""
    return f"{len(found.hits)} found{more}"


def _row(hit: Hit, form: Format) -> Row:
    from policies.search.filters import last_day

    policy = hit.policy
    structured = form in (Format.JSON, Format.NDJSON)
    return {
        "policy": policy.id,
        "title": policy.title.zh,
        "kind": policy.kind.value,
        "status": policy.status.value,
        "applies": [applies_text(rule) for rule in policy.applies],
        "last_day": last_day(policy.applies),
        "score": hit.score,
        "matched": [_data(match) for match in hit.matches] if structured else _words(hit.matches),
    }


def _data(match: Match) -> dict[str, Any]:
    return {
        "word": match.word,
        "part": match.part,
        "id": match.of or None,
        "text": match.text,
        "how": match.how,
        "read": match.read or None,
    }


def _words(matches: Sequence[Match]) -> str:
    """Return what matched for people: the word, how it was read, and the part that holds it."""
    return "; ".join(_one(match) for match in matches)


def _one(match: Match) -> str:
    meant = f" ({match.how}: {match.read})" if match.read and match.read != match.word else ""
    loosely = f" ({match.how})" if not meant and match.how != "word" else ""
    where = f"{match.part}: {match.text}" if match.part not in ("title", "topic") else match.part
    return f"{match.word}{meant or loosely} in {where}"
