"""Command lines run in this process, and in a real one where signals, pipes or the start matter."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli.main import run

if TYPE_CHECKING:
    from typing_extensions import Buffer

PROGRAM = Path(sys.executable).with_name("mianshen")


@dataclass(frozen=True)
class Result:
    """What one command line left behind; `shown` is both outputs as a terminal shows them."""

    code: int
    out: str
    err: str
    shown: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


def mianshen(*arguments: object) -> Result:
    """Run one command line in this process."""
    terminal = io.BytesIO()
    out, err = _Shown(terminal), _Shown(terminal)
    texts = [io.TextIOWrapper(stream, encoding="utf-8", write_through=True) for stream in (out, err)]
    with redirect_stdout(texts[0]), redirect_stderr(texts[1]):
        code = run([str(argument) for argument in arguments])
    return Result(code, *(stream.getvalue().decode() for stream in (out, err, terminal)))


class _Shown(io.BytesIO):
    """An output that a terminal shows too."""

    def __init__(self, terminal: io.BytesIO) -> None:
        super().__init__()
        self._terminal = terminal

    def write(self, part: Buffer, /) -> int:
        self._terminal.write(part)
        return super().write(part)


def ok(*arguments: object) -> Result:
    """Run one command line that must succeed."""
    result = mianshen(*arguments)
    assert result.code == 0, result
    return result


def child(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run one command line as the shell would."""
    command = [str(PROGRAM), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | environment)
