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
from typing import Any

from cli.main import run

PROGRAM = Path(sys.executable).with_name("mianshen")


@dataclass(frozen=True)
class Result:
    """What one command line left behind."""

    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


def mianshen(*arguments: object) -> Result:
    """Run one command line in this process."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    with redirect_stdout(out), redirect_stderr(err):
        code = run([str(argument) for argument in arguments])
    return Result(code, *(stream.buffer.getvalue().decode() for stream in (out, err)))


def ok(*arguments: object) -> Result:
    """Run one command line that must succeed."""
    result = mianshen(*arguments)
    assert result.code == 0, result
    return result


def child(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run one command line as the shell would."""
    command = [str(PROGRAM), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | environment)
