"""`bastions verify --release`: every byte of a release against its digest, for anyone who holds it.

Three things can be proved: the folder of a release, as `bastions build` makes it or an archive holds it; an archive;
and the folder that `bastions release` makes, with an archive, a database and a changelog. What is asked:

- SHA256SUMS is in the one form in which it is written, and every file that it lists has its digest;
- nothing else is there, and no link: nobody would vouch for it;
- the database has the digest of its own file (`*.duckdb.sha256`); it is not opened, since what opens a database that
  comes from anywhere trusts it;
- of a folder that passes: `datapackage.json`, `BUILD.json`, CSV and Parquet say the same (`contents`);
- an archive is listed in the SHA256SUMS beside it, if there is one, and holds a folder that passes.

Digests prove damage, not authorship: who changes a file can change its digest. Compare the digest of an archive with
the one that the maintainers published.
"""

from __future__ import annotations

import contextlib
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path

from bastions.problems import Problem, ordered, problem
from bastions.publish import metadata
from bastions.releasing import archive, contents, packed, sums

README = "README.md"


@dataclass(slots=True)
class Proof:
    """What was looked at of a release, and everything that is wrong.

    Attributes:
        path: The folder or archive.
        name: The name of the dataset and its version, as far as they are known.
        files: How many files were held against a digest.
        bytes: How many bytes they have.
        problems: What is wrong; nothing, where the release is whole.
        notes: What was not looked at, and why.
    """

    path: Path
    name: str = ""
    files: int = 0
    bytes: int = 0
    problems: tuple[Problem, ...] = ()
    notes: list[str] = field(default_factory=list)

    def count(self, *paths: Path) -> None:
        """Takes notice of files that were held against a digest."""
        self.files += len(paths)
        self.bytes += sum(path.stat().st_size for path in paths)


def verify(path: Path) -> Proof:
    """Holds a release against its digests; see `bastions.releasing.verify`."""
    if path.is_file():
        proof = Proof(path)
        # What is not the archive that was published is not opened either.
        found = _beside(path, proof) or _archive(path, proof)
    elif not path.is_dir():
        raise FileNotFoundError(2, "there is neither a folder nor an archive", str(path))
    elif archives := _archives(path):
        proof = Proof(path)
        found = _offered(path, archives, proof)
    elif any((path / name).is_file() for name in (metadata.SUMS, contents.BUILD)):
        proof = Proof(path)
        found = _folder(path, proof)
    else:
        raise FileNotFoundError(2, f"holds neither {metadata.SUMS} nor an archive: this is no release", str(path))
    proof.problems = ordered(found)
    return proof


def _archives(folder: Path) -> list[Path]:
    """The archives of a folder that is not a release itself."""
    if (folder / contents.BUILD).is_file():
        return []
    return sorted(path for path in folder.glob(f"*{archive.ENDING}") if path.is_file() and not path.is_symlink())


# --------------------------------------------------------------------------------------------------------------------
# The folder of a release


def _folder(folder: Path, proof: Proof, prefix: str = "") -> list[Problem]:
    """Everything that is wrong with the folder of a release."""
    listed = _read(folder, metadata.SUMS)
    if not listed.digests and listed.problems:
        return listed.problems
    found = [*listed.problems, *sums.compare(folder, listed)]
    found += [
        problem("source-error", metadata.SUMS, f"does not list {name}", hint=_PUBLISHER)
        for name in (contents.BUILD, contents.DESCRIPTOR)
        if name not in listed.digests
    ]
    known = {*listed.digests, metadata.SUMS}
    found += _database(folder, known, proof)
    if README not in known and (folder / README).is_file() and not (folder / README).is_symlink():
        known.add(README)  # `build` leaves that of the repository in its place
        proof.notes.append(f"{prefix}{README} is not part of the release; nothing vouches for it")
    found += sums.strangers(folder, known)
    proof.count(*(folder / name for name in known if name != README and (folder / name).is_file()))
    build = contents.load(folder, contents.BUILD)
    if isinstance(build, dict):
        proof.name = " ".join(build[name] for name in ("name", "version") if isinstance(build.get(name), str))
    if not found:
        found += contents.check(folder, set(listed.digests))
    return found


_WRONG = "Tell the publisher of the release."
_PUBLISHER = "Fetch the release again; every release lists it."


def _read(folder: Path, name: str) -> sums.Sums:
    path = folder / name
    if path.is_symlink() or not path.is_file():
        missing = problem("source-error", name, "is missing, or no plain file", hint="Fetch the release again.")
        return sums.Sums(name, {}, [missing])
    if path.stat().st_size > 10_000_000:
        large = problem("source-error", name, "has more than 10,000,000 bytes, the limit", hint="Fetch it again.")
        return sums.Sums(name, {}, [large])
    return sums.parse(name, path.read_bytes())


def _database(folder: Path, known: set[str], proof: Proof) -> list[Problem]:
    """The database and the file with its digest: both, or neither as in an archive."""
    name = metadata.database(folder)
    if name is None:
        build = contents.load(folder, contents.BUILD)
        given = build.get("database") if isinstance(build, dict) else None
        if given is None:
            return []
        message = "is no plain file name that ends with .duckdb"
        value = given if isinstance(given, str) else packed.told(given)
        return [problem("package-error", contents.BUILD, message, field="database", value=value, hint=_WRONG)]
    digest = f"{name}.sha256"
    there = {file for file in (name, digest) if (folder / file).is_file() or (folder / file).is_symlink()}
    known |= there
    if not there:
        proof.notes.append(f"{name} is not here; an archive leaves it out")
        return []
    if digest not in there:
        return [problem("source-error", digest, f"is missing, and {name} is there", hint="Fetch the release again.")]
    listed = _read(folder, digest)
    if listed.problems:
        return listed.problems
    if list(listed.digests) != [name]:
        return [problem("source-error", digest, f"is not about {name}", hint="Fetch the release again.")]
    return list(sums.compare(folder, listed))


# --------------------------------------------------------------------------------------------------------------------
# Archives


def _beside(path: Path, proof: Proof) -> list[Problem]:
    """An archive against the SHA256SUMS beside it."""
    if not (path.parent / metadata.SUMS).exists():
        proof.notes.append(
            f"there is no {metadata.SUMS} beside {path.name}: its contents are proved, and who made it is not; compare "
            f"its SHA-256 with the one published: {metadata.digest(path)}"
        )
        return []
    listed = _read(path.parent, metadata.SUMS)
    if listed.problems:
        return listed.problems
    if path.name not in listed.digests:
        return [problem("source-error", metadata.SUMS, f"does not list {path.name}", hint="Fetch it again.")]
    listed.digests = {path.name: listed.digests[path.name]}
    return list(sums.compare(path.parent, listed))


def _archive(path: Path, proof: Proof) -> list[Problem]:
    """What is wrong with an archive by itself: with its form, and with the folder that it holds."""
    again = "Fetch the archive again."
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bastions-verify-")))
        try:
            unpacked = archive.unpack(path, folder)
        except archive.Damaged as error:
            return [problem("source-error", path.name, str(error), hint=again)]
        inside = _folder(folder / unpacked.top, proof, f"{unpacked.top}/")
        found = [_within(fault, path.name, unpacked.top) for fault in inside]
        if not unpacked.canonical and not found:
            if proof.name.replace(" ", "-") == unpacked.top and path.name == unpacked.top + archive.ENDING:
                message = "was not written by `bastions release`, or has been changed around its files"
                found.append(problem("source-error", path.name, message, hint=again))
            else:
                proof.notes.append(f"{path.name} was packed by another program; its files are proved, its form is not")
    proof.count(path)
    return found


def _within(fault: Problem, name: str, top: str) -> Problem:
    return replace(fault, file=f"{name}:{top}/{fault.file}")


def _offered(folder: Path, archives: list[Path], proof: Proof) -> list[Problem]:
    """The folder that `bastions release` makes: archives and what is beside them, by one list of digests."""
    listed = _read(folder, metadata.SUMS)
    if not listed.digests and listed.problems:
        return listed.problems
    found = [*listed.problems, *sums.compare(folder, listed)]
    known = {*listed.digests, metadata.SUMS}
    found += sums.strangers(folder, known)
    proof.count(*(folder / name for name in known if (folder / name).is_file() and folder / name not in archives))
    wrong = {fault.file for fault in found}
    for path in archives:
        found += [] if path.name in wrong else _archive(path, proof)
    # The database that an archive leaves out may be right here.
    proof.notes = [note for note in proof.notes if "an archive leaves it out" not in note]
    return found
