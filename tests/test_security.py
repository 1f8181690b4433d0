"""Hostile packages: nothing outside them is opened, no address is contacted, and no report does more than say so.

The audit hook sees what Python does, the trace of system calls also what DuckDB, polars and pyarrow do. What is
promised and what is not stands in SECURITY.md.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import sysconfig
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

ROOT = Path(__file__).parents[1]

AUDITED = """
import sys, json
log = open(sys.argv[1], "a", encoding="utf-8", errors="backslashreplace")
def note(event, given):
    if event.split(".")[0] in ("open", "socket", "subprocess", "ctypes", "os", "urllib", "http", "ftplib", "pty"):
        try:
            log.write(json.dumps([event, [str(one) if one is not None else "" for one in given]]) + "\\n")
        except RecursionError:
            pass
sys.addaudithook(note)
from bastions import cli
try:
    code = cli.main(sys.argv[2:])
finally:
    log.flush()
sys.exit(code)
"""

FORBIDDEN = ("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.startfile", "urllib.",
             "http.", "ftplib.", "pty.", "ctypes.dlopen", "os.fork")  # fmt: skip
"""Events that no validation has. `socket.__new__` and the loading of a library are among them."""


class Place:
    """A folder with a package, what lies beside it and is nobody's business, and room for output."""

    def __init__(self, root: Path):
        self.root, self.package, self.secret = root, root / "package", root / "secret"
        self.out, self.tmp, self.here = root / "out", root / "tmp", root / "here"
        for folder in (self.package, self.secret, self.tmp, self.here):
            folder.mkdir()
        (self.secret / "secret.csv").write_text("a\n1\n")
        (self.secret / "schema.json").write_text('{"fields": [{"name": "a", "type": "string"}]}')
        (self.secret / "datapackage.json").write_text('{"resources": []}')

    def run(self, *command: str, trace: Sequence[str] = ()) -> subprocess.CompletedProcess[str]:
        """Runs Python on something, in an empty folder; returns what it said."""
        # What measures the coverage of the tests has files of its own elsewhere.
        environment = {name: text for name, text in os.environ.items() if not name.startswith("COVERAGE_")}
        environment |= {"PYTHONPATH": str(ROOT / "src"), "TMPDIR": str(self.tmp)}
        environment |= {"PYTHONDONTWRITEBYTECODE": "1", "HOME": str(self.here)}
        done = subprocess.run(
            [*trace, sys.executable, *command],
            cwd=self.here, env=environment, capture_output=True, text=True, errors="replace", timeout=240, check=False,
        )  # fmt: skip
        assert done.returncode in (0, 1, 2), done.stderr
        assert "Traceback" not in done.stderr
        return done

    @property
    def allowed(self) -> tuple[str, ...]:
        """Where files may be opened: the package, Python, the code, the temporary folder and the output."""
        python = {
            sys.prefix,
            sys.base_prefix,
            *sysconfig.get_paths().values(),
            str(ROOT / "src"),
            *filter(None, sys.path),
        }
        mine = {str(path) for path in (self.package, self.out, self.tmp, self.here)}
        return tuple(os.path.realpath(path) + "/" for path in {*python, *mine})


def evil(text: str) -> str:
    """A text with what terminals, browsers, Markdown and runners obey."""
    terminal = "\x1b]0;x\x07\x1b[2J\u202e\u200b\u2066\r\n::error::forged\n##[group]"
    return f"{text}{terminal}<script>alert(1)</script>]]>@evil![x](//x)"


def hostile(place: Place) -> None:
    """A package that tries every way out, and whose every text is hostile."""
    package, secret = place.package, place.secret
    (package / "good.csv").write_text("a,=cmd()\n1,x\n\x1b[31m,::error::\n=1+1,\u202e\n")
    (package / "link.csv").symlink_to(secret / "secret.csv")
    (package / "folder").symlink_to(secret)
    (package / "zero.csv").symlink_to("/dev/zero")
    os.mkfifo(package / "pipe.csv")
    (package / "schema.json").symlink_to(secret / "schema.json")
    shutil.make_archive(str(package / "archive"), "zip", secret)
    table = pa.table({"a": [1, 2]})
    pq.write_table(table, package / "outside.parquet")
    data = (package / "outside.parquet").read_bytes()
    (package / "broken.parquet").write_bytes(data[:-20] + b"\0" * 12 + data[-8:])
    field = {
        "name": "a",
        "type": "string",
        "title": evil("t"),
        "description": evil("d"),
        "constraints": {"enum": ["1"]},
    }
    schema = {"fields": [field], "missingValues": [evil("m")]}
    paths = [
        "link.csv", "folder/secret.csv", "zero.csv", "pipe.csv", "../secret/secret.csv", str(secret / "secret.csv"),
        "folder/../../secret/secret.csv", f"file://{secret}/secret.csv", "http://127.0.0.1:9/a.csv", "s3://x/a.csv",
        "https://localhost/a.csv", "//127.0.0.1/a.csv", "archive.zip", "zip://archive.zip", "/dev/stdin", "/etc/passwd",
        "..", ".", "~/a.csv", "*.csv", "good.csv\0x", evil("p"), "data:text/csv,a", "broken.parquet",
    ]  # fmt: skip
    resources: list[Any] = [{"name": f"r{n}", "path": path, "schema": schema} for n, path in enumerate(paths)]
    leak = place.root / "leak.csv"
    names = [
        f"x\"; COPY (SELECT 1) TO '{leak}'; --",
        f"x'; ATTACH '{leak}'; --",
        f"read_csv('{secret}/secret.csv')",
        evil("n"),
    ]
    resources += [{"name": name, "path": "good.csv", "schema": schema} for name in names]
    outside = ["schema.json", "../secret/schema.json", f"{secret}/schema.json", "http://127.0.0.1:9/s.json",
               f"file://{secret}/schema.json", evil("s")]  # fmt: skip
    resources += [{"name": f"s{n}", "path": "good.csv", "schema": given} for n, given in enumerate(outside)]
    resources += [{"name": f"d{n}", "path": "good.csv", "dialect": given} for n, given in enumerate(outside)]
    refs = (
        {"$ref": f"file://{secret}/schema.json"},
        {"$ref": "http://127.0.0.1:9/x"},
        {"$schema": "http://127.0.0.1:9/"},
    )
    for n, ref in enumerate(refs):
        inner = {"name": "a", "type": "object", "constraints": {"jsonSchema": ref}}
        resources.append({"name": f"j{n}", "path": "good.csv", "schema": {"fields": [inner]}})
    resources.append({"name": "f", "path": "good.csv", "schema": {"fields": [{"name": evil("a")}, {"name": "=b"}]}})
    resources.append({"name": "p", "path": "good.csv", "profile": "http://127.0.0.1:9/p.json", "title": evil("t")})
    descriptor = {"name": evil("p"), "title": evil("t"), "description": evil("d"), "resources": resources,
                  "$schema": "http://127.0.0.1:9/profile.json", "profile": f"{secret}/schema.json",
                  "licenses": [{"name": evil("l"), "path": "javascript:alert(1)"}]}  # fmt: skip
    (package / "datapackage.json").write_text(json.dumps(descriptor), "utf-8")


def lawful(place: Place) -> None:
    """A package that is valid, so that it is published, and whose every text for people is hostile."""
    (place.package / "good.csv").write_text('a,"b ""c"" \';\n"\n1,2\n')
    leak = place.root / "leak.csv"
    fields = [
        {"name": "a", "title": evil("t"), "description": evil("d")},
        {"name": 'b "c" \';\n', "description": f"'; COPY (SELECT 1) TO '{leak}'; --"},
    ]
    resource = {"name": f"x\"'; COPY (SELECT 1) TO '{leak}'; --", "path": "good.csv", "title": evil("t"),
                "description": evil("d"), "schema": {"fields": fields}}  # fmt: skip
    descriptor = {"name": "p", "title": evil("t"), "description": evil("d"), "resources": [resource],
                  "contributors": [{"title": evil("c")}], "sources": [{"title": evil("s")}],
                  "licenses": [{"name": "CC0-1.0", "title": evil("l")}]}  # fmt: skip
    (place.package / "datapackage.json").write_text(json.dumps(descriptor), "utf-8")


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def events(log: Path) -> Iterator[tuple[str, list[str]]]:
    for line in log.read_text("utf-8").splitlines():
        event, given = json.loads(line)
        yield event, given


# Read by libraries about the machine: time zones, memory, processors, the terminal; no package can name them.
MACHINE = re.compile(
    r"/(proc/(self|thread-self|\d+|sys)/|proc/(meminfo|cpuinfo|stat|mounts|filesystems)|sys/(fs/cgroup|devices/system|kernel/mm)"
    r"|var/tmp/polars-|usr/share/(zoneinfo|locale|terminfo|i18n|gcc)|usr/lib|lib|etc/(ssl/|localtime|timezone|ld\.so\.|locale|nsswitch|host\.conf"
    r"|resolv\.conf|gai\.conf|terminfo|malloc\.conf|mime\.types|os-release|debian_version|lsb-release|inputrc)|dev/(null|tty|urandom|shm)|bin/|usr/bin/)"
)


def judge(place: Place, log: Path) -> None:
    """Every event of a run is one that a run may have."""
    seen = 0
    for event, given in events(log):
        known = event == "ctypes.dlopen" and _known_library(given[0])
        assert known or not event.startswith(FORBIDDEN), (event, given)
        if event != "open" or given[0].isdigit():
            continue
        seen += 1
        path = given[0]
        if not path.startswith("/"):
            assert ".." not in path.split("/"), f"{path}: may lead out of the folder in which it is opened"
            continue
        real = os.path.realpath(path) if Path(path).is_symlink() else os.path.normpath(path)
        assert not f"{real}/".startswith(f"{place.secret}/"), f"{path}: nobody's business"
        assert f"{real}/".startswith(place.allowed) or MACHINE.match(real), f"{path}: lies outside"
    assert seen > 10, "the hook was there"


def _known_library(name: str) -> bool:
    """Whether a library is Python's own process, or its own or system's library for the C language."""
    return name in ("", "None") or name.startswith(("libc.", "libm.", "libpthread", "libcrypto"))


VERBS = {
    "validate": lambda place: ["validate", str(place.package)],
    "build": lambda place: ["build", str(place.package), "--out", str(place.out / "release")],
    "verify": lambda place: ["verify", "--release", str(place.package)],
}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("kind", [hostile, lawful])
def test_python_opens_nothing_outside_and_contacts_nobody(place: Place, verb: str, kind: Any) -> None:
    kind(place)
    place.out.mkdir()
    log = place.root / "events.jsonl"
    place.run("-c", AUDITED, str(log), *VERBS[verb](place))
    judge(place, log)
    assert not (place.root / "leak.csv").exists(), "a name was run as SQL"


def test_the_hook_sees_what_it_is_to_see(place: Place) -> None:
    """Without this a hook that hears nothing would prove everything."""
    log = place.root / "events.jsonl"
    tried = (
        f"import socket; open({str(place.secret / 'secret.csv')!r})\n"
        "try: socket.create_connection(('127.0.0.1', 9), 1)\nexcept OSError: pass\n"
    )
    place.run("-c", AUDITED.replace("from bastions import cli", tried).replace("cli.main(sys.argv[2:])", "0"), str(log))
    names = [event for event, _ in events(log)]
    assert "socket.connect" in names
    with pytest.raises(AssertionError):
        judge(place, log)


CALL = re.compile(r'^\d+\s+(\w+)\((?:(AT_FDCWD|\d+)(?:<([^>]*)>)?, )?"((?:[^"\\]|\\.)*)"')


@pytest.mark.parametrize("verb", ["validate", "build"])
@pytest.mark.parametrize("kind", [hostile, lawful])
def test_no_system_call_opens_what_lies_outside_or_a_socket(place: Place, verb: str, kind: Any) -> None:
    """What DuckDB, polars and pyarrow open by themselves is seen here alone."""
    if not shutil.which("strace"):
        pytest.skip("strace is not installed: what native libraries open was not looked at (apt install strace)")
    kind(place)
    place.out.mkdir()
    log = place.root / "calls.txt"
    trace = [
        "strace",
        "-f",
        "-y",
        "-s",
        "4096",
        "-e",
        "trace=open,openat,openat2,execve,socket,connect",
        "-o",
        str(log),
    ]
    place.run("-m", "bastions.cli", *VERBS[verb](place), trace=trace)
    if not log.is_file() or not log.read_text(errors="replace").strip():
        pytest.skip("strace may not trace here (ptrace is forbidden): what native libraries open was not looked at")
    calls = log.read_text(errors="replace").splitlines()
    assert sum("openat" in call for call in calls) > 100, "the trace was there"
    for call in calls:
        if re.match(r"\d+\s+(socket|connect)\(", call):
            assert "AF_UNIX" in call, call
        if not (found := CALL.match(call)):
            continue
        name, _, folder, path = found.groups()
        if name == "execve":
            assert path.startswith(place.allowed) or MACHINE.match(path), call
            continue
        whole = os.path.normpath(Path(folder or place.here, path))
        assert not f"{whole}/".startswith(f"{place.secret}/"), call
        assert not f"{whole}/".startswith(str(place.root / "leak")), call
        known = f"{whole}/".startswith(place.allowed) or MACHINE.match(whole) or _above(whole, place)
        assert known, call


def _above(path: str, place: Place) -> bool:
    """Whether a path is a folder above one that may be opened: the way to it is looked at."""
    return any(allowed.startswith(f"{path.rstrip('/')}/") for allowed in place.allowed)


def test_validating_this_kind_of_dataset_contacts_nobody(place: Place, tiny_once: Path) -> None:
    """A dataset with `schemas/` runs SQL of its own, which a maintainer has read; it has no access to files either."""
    shutil.copytree(tiny_once, place.package, dirs_exist_ok=True)
    rule = place.package / "schemas" / "rules" / "reads_a_file.sql"
    like = sorted((place.package / "schemas" / "rules").rglob("*.sql"))[0].read_text("utf-8")
    comments = "".join(line + "\n" for line in like.splitlines() if line.startswith("--"))
    rule.write_text(comments + f"SELECT * FROM read_csv('{place.secret}/secret.csv')\n", "utf-8")
    log = place.root / "events.jsonl"
    done = place.run("-c", AUDITED, str(log), "validate", str(place.package))
    judge(place, log)
    assert done.returncode == 1
    assert "reads_a_file" in done.stdout


@pytest.mark.parametrize("sql", [
    "SELECT * FROM read_csv('{secret}')", "FROM '{secret}'", "COPY (SELECT 1) TO '{leak}'", "ATTACH '{leak}'",
    "INSTALL httpfs", "LOAD httpfs", "SET enable_external_access = true", "EXPORT DATABASE '{leak}'",
    "SELECT * FROM read_text('/etc/passwd')", "FROM glob('/*')", "CREATE TABLE t AS SELECT 1",
    "SELECT getenv('HOME')", "FROM read_parquet('http://127.0.0.1:9/a')",
])  # fmt: skip
def test_query_reads_its_release_and_nothing_else(place: Place, sql: str) -> None:
    lawful(place)
    release = place.out / "release"
    place.run("-m", "bastions.cli", "build", str(place.package), "--out", str(release))
    text = sql.format(secret=place.secret / "secret.csv", leak=place.root / "leak.csv")
    log = place.root / "events.jsonl"
    done = place.run("-c", AUDITED, str(log), "query", text, "--release", str(release))
    assert done.returncode == 1, done.stdout
    assert not (place.root / "leak.csv").exists()
    judge(place, log)


# -- reports ---------------------------------------------------------------------------------------------------------

OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
"""What terminals and editors obey, or nobody sees."""

FORMS = ("text", "json", "jsonl", "github", "sarif", "junit", "markdown")


def told(place: Place, form: str) -> str:
    hostile(place)
    done = place.run("-m", "bastions.cli", "validate", str(place.package), "--format", form)
    assert done.returncode == 1
    assert not OBEYED.search(done.stderr)
    return done.stdout


@pytest.mark.parametrize("form", FORMS)
def test_no_report_holds_what_a_terminal_or_a_runner_obeys(place: Place, form: str) -> None:
    said = told(place, form)
    assert len(said) > 2_000
    assert not OBEYED.search(said), repr(OBEYED.search(said))
    assert "##[" not in said
    ours = r"::(error|warning|notice) (file|title)=" if form == "github" else "(?!)"
    for line in said.splitlines():
        assert not line.lstrip().startswith("::") or re.match(ours, line), line


def test_the_reports_for_programs_are_what_they_say(place: Place) -> None:
    hostile(place)
    also = [f"--also={form}={place.root / form}" for form in ("json", "sarif", "junit")]
    place.run("-m", "bastions.cli", "validate", str(place.package), *also)
    json.loads((place.root / "json").read_text("utf-8"))
    json.loads((place.root / "sarif").read_text("utf-8"))
    text = (place.root / "junit").read_text("utf-8")
    assert "]]>" not in text
    assert "<script" not in text
    assert "<!" not in text
    tags = {element.tag for element in ET.fromstring(text).iter()}
    assert tags <= {"testsuites", "testsuite", "testcase", "failure", "error", "skipped", "system-out", "system-err",
                    "properties", "property"}  # fmt: skip


def bare(markdown: str) -> str:
    """Markdown without its code spans and blocks, in which nothing is obeyed."""
    return re.sub(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", "", re.sub(r"(?ms)^(```+|~~~+).*?^\1", "", markdown))


def test_markdown_obeys_nothing_of_a_package(place: Place) -> None:
    said = bare(told(place, "markdown"))
    for sign in ("<script", "@evil", "![x]", "](//x", "http:", "https:", "javascript:"):
        assert sign not in said, said[max(0, said.find(sign) - 80) : said.find(sign) + 80]


def test_a_release_made_of_hostile_texts_holds_them_escaped(place: Place) -> None:
    """JSON escapes what a terminal obeys; texts for people that a release prints are its package's own words."""
    lawful(place)
    done = place.run("-m", "bastions.cli", "build", str(place.package), "--out", str(place.out))
    assert done.returncode == 0, done.stderr
    assert not OBEYED.search(done.stdout + done.stderr)
    for path in place.out.iterdir():
        if path.suffix in (".json", ".md", ".txt", ".sql", ".cff", ".html") or path.name == "SHA256SUMS":
            text = path.read_text("utf-8")
            assert not OBEYED.search(text), f"{path.name}: {OBEYED.search(text)}"
            assert path.suffix != ".md" or not re.search(r"(?<!\\)<script|(?<!\\)!\[x\]\(", bare(text)), path.name
            if path.suffix == ".json":
                json.loads(text)
    assert not (place.root / "leak.csv").exists()


def test_no_server_is_needed_to_see_that_nobody_calls(place: Place) -> None:
    """A port that the package names is listened to; nobody knocks."""
    hostile(place)
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        port = server.getsockname()[1]
        path = place.package / "datapackage.json"
        path.write_text(path.read_text("utf-8").replace("127.0.0.1:9/", f"127.0.0.1:{port}/"), "utf-8")
        place.run("-m", "bastions.cli", "validate", str(place.package))
        with pytest.raises(BlockingIOError):
            server.accept()
