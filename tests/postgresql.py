"""A private PostgreSQL server for one test session, reached over a Unix socket in its own folder."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

_DEBIAN = Path("/usr/lib/postgresql")


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """Start a server, give its SQLAlchemy URL, and stop it when the session ends."""
    binaries = _find_binaries()
    if binaries is None:
        reason = "no PostgreSQL server binaries (initdb, pg_ctl) on this machine"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    account = _server_account()
    # Not pytest's own folder: that one is closed to the server's account, and too deep for a socket's path.
    with tempfile.TemporaryDirectory(prefix="mianshen-pg-") as name:
        folder = Path(name)
        os.chown(folder, account.pw_uid, account.pw_gid)

        def run(program: str, *arguments: str) -> None:
            _run([str(binaries / program), *arguments], account, folder)

        data = str(folder / "data")
        run("initdb", "-D", data, "-U", "mianshen", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        # In the file, not among the options: a test may set it on.
        with (folder / "data" / "postgresql.conf").open("a") as settings:
            settings.write("fsync = off\n")
        options = f"-c listen_addresses= -c unix_socket_directories={folder}"
        run("pg_ctl", "-D", data, "-l", str(folder / "log"), "-o", options, "-w", "-t", "60", "start")
        try:
            yield f"postgresql+psycopg://mianshen@/postgres?host={folder}"
        finally:
            run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")


def _find_binaries() -> Path | None:
    """Find the folder of the server's programs: on the PATH, else Debian's newest version."""
    found = shutil.which("initdb")
    versions = sorted(_DEBIAN.glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    candidates = [Path(found)] if found else versions[-1:]
    return candidates[0].parent if candidates else None


def _server_account() -> pwd.struct_passwd:
    """Choose who runs the server: ourselves, but PostgreSQL refuses to be run by root."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    return known.get("postgres") or known["nobody"]


def _run(command: list[str], account: pwd.struct_passwd, folder: Path) -> None:
    """Run one of the server's programs as its account; on failure show what it and the server said."""
    demote = account.pw_uid != os.geteuid()
    # The server inherits its starter's output: a file, since a pipe would stay open as long as the server.
    with (folder / "output").open("w+", encoding="utf-8") as output:
        result = subprocess.run(
            command,
            check=False,
            cwd=folder,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            user=account.pw_uid if demote else None,
            group=account.pw_gid if demote else None,
            extra_groups=[] if demote else None,
        )
        if result.returncode != 0:
            output.seek(0)
            log = folder / "log"
            said = output.read() + (log.read_text(encoding="utf-8") if log.exists() else "")
            pytest.fail(f"{' '.join(command)} failed ({result.returncode}):\n{said}")
