"""What the analysis says of a policy: which fault, where, and the firm that shows it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from enterprise_data.declarations.strict_yaml import YamlPath
from matcher.analysis.parts import Part
from matcher.analysis.witness import Witness


@dataclass(frozen=True)
class Finding:
    """One fault of logic at `path` of the policy's file; `parts` are the conditions that make it one.

    `witness` is a firm that the interpreter confirmed; None where the fault is that there can be no such firm.
    `always` says that the fault has to show in every period that the policy decides.
    """

    code: str
    message: str
    path: YamlPath
    help: str
    witness: Witness | None = None
    parts: tuple[str, ...] = ()
    always: bool = True

    @property
    def key(self) -> tuple[str, YamlPath]:
        """Return what makes findings of different periods one."""
        return self.code, self.path


def listed(parts: Iterable[Part]) -> str:
    """Return the names of parts for a sentence."""
    names = [part.shown for part in parts]
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
