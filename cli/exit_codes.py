"""What the exit code of `mianshen` says; `mianshen help exit-codes` prints this."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """Every exit code, with its meaning; scripts and schedulers may rely on them."""

    DONE = 0
    PROBLEMS = 1
    USAGE = 2
    STOPPED = 3
    INTERNAL = 4
    INTERRUPTED = 130
    PIPE_CLOSED = 141

    @property
    def meaning(self) -> str:
        """Return what the code says, in one line."""
        return _MEANINGS[self]


_MEANINGS = {
    ExitCode.DONE: "done",
    ExitCode.PROBLEMS: "checks found problems, or the input is bad; the message says where and what to do",
    ExitCode.USAGE: "the command line is wrong",
    ExitCode.STOPPED: "a safety gate stopped the run for review; nothing was printed, the run is stored",
    ExitCode.INTERNAL: "a fault in Mianshen itself; please report it",
    ExitCode.INTERRUPTED: "interrupted; what was there before is whole",
    ExitCode.PIPE_CLOSED: "the program that read the output closed it early",
}
