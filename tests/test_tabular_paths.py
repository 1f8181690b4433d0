"""Files of a package are opened inside its folder only: no links, no pipes, no addresses, no archives."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bastions.tabular.descriptor import paths


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A package with a file in a folder, and a file beside the package."""
    (tmp_path / "outside.csv").write_text("secret\n")
    made = tmp_path / "package"
    (made / "data").mkdir(parents=True)
    (made / "data" / "a.csv").write_text("a\n1\n")
    return made


def test_a_file_inside_is_opened(root: Path) -> None:
    with paths.open_inside(root, "data/a.csv") as stream:
        assert stream.read() == b"a\n1\n"


def test_the_folder_itself_may_be_reached_through_a_link(root: Path) -> None:
    link = root.parent / "link"
    link.symlink_to(root)
    with paths.open_inside(link, "data/a.csv") as stream:
        assert stream.read(1) == b"a"


@pytest.mark.parametrize(
    ("path", "rule"),
    [
        ("", "source-error"),
        ("/etc/hostname", "source-error"),
        ("../outside.csv", "source-error"),
        ("data/../../outside.csv", "source-error"),
        ("data/../data/a.csv", "source-error"),
        ("./data/a.csv", "source-error"),
        ("data//a.csv", "source-error"),
        ("data/", "source-error"),
        (".hidden/a.csv", "source-error"),
        ("data/.a.csv", "source-error"),
        ("~/a.csv", "source-error"),
        ("data\\a.csv", "source-error"),
        ("data/a.csv\0", "source-error"),
        ("data/a\n.csv", "source-error"),
        ("data/\ud800.csv", "source-error"),
        ("a/" * 3_000 + "a.csv", "source-error"),
        ("http://127.0.0.1:9/a.csv", "scheme-error"),
        ("HTTPS://example.org/a.csv", "scheme-error"),
        ("file:///etc/hostname", "scheme-error"),
        ("s3://bucket/a.csv", "scheme-error"),
        ("sqlite:///a.db", "scheme-error"),
        ("data:text/csv,a", "scheme-error"),
        ("c:a.csv", "scheme-error"),
        ("//example.org/a.csv", "scheme-error"),
        ("data/a.csv.gz", "compression-error"),
        ("data/A.ZIP", "compression-error"),
        ("data/a.tar", "compression-error"),
        ("data/a.csv.zst", "compression-error"),
    ],
)
def test_a_path_that_leads_elsewhere_is_refused(
    root: Path, path: str, rule: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def opened(*_: object, **__: object) -> None:
        raise AssertionError("a socket or a file was opened")

    monkeypatch.setattr(socket, "socket", opened)
    monkeypatch.setattr(os, "open", opened)
    with pytest.raises(paths.PathRefused) as caught:
        paths.open_inside(root, path)
    assert caught.value.rule == rule
    assert caught.value.hint


def test_an_archive_can_be_opened_as_bytes(root: Path) -> None:
    (root / "docs.zip").write_bytes(b"PK")
    with paths.open_inside(root, "docs.zip", archives=True) as stream:
        assert stream.read() == b"PK"


@pytest.mark.parametrize("target", ["../outside.csv", "data/a.csv", "nothing.csv", "link.csv"])
def test_a_link_is_not_followed(root: Path, target: str) -> None:
    (root / "link.csv").symlink_to(target)
    with pytest.raises(paths.PathRefused, match="is a link"):
        paths.open_inside(root, "link.csv")


def test_a_link_in_the_middle_of_a_path_is_not_followed(root: Path) -> None:
    (root / "up").symlink_to("..")
    with pytest.raises(paths.PathRefused, match="is a link"):
        paths.open_inside(root, "up/outside.csv")


def test_a_link_put_there_after_the_look_is_not_followed(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between looking and opening a file can be exchanged for a link; the opening itself has to refuse it."""
    (root / "data" / "b.csv").symlink_to("../../outside.csv")
    monkeypatch.setattr(paths, "_look", lambda *_: None)
    with pytest.raises(OSError, match=r"data/b\.csv: cannot be read"):
        paths.open_inside(root, "data/b.csv")


def test_pipes_devices_and_folders_are_refused_at_once(root: Path) -> None:
    """Opening a pipe for reading waits until somebody writes to it: frictionless hangs for ever on one."""
    os.mkfifo(root / "pipe.csv")
    with pytest.raises(paths.PathRefused, match="not a regular file"):
        paths.open_inside(root, "pipe.csv")
    with pytest.raises(paths.PathRefused, match="not a regular file"):
        paths.open_inside(root, "data")
    with pytest.raises(paths.PathRefused, match="not a regular file"):
        paths.open_inside(Path("/dev"), "null")
    with pytest.raises(paths.PathRefused, match="not a regular file"):
        paths.open_given(root / "pipe.csv")


def test_a_pipe_put_there_after_the_look_does_not_block(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(root / "pipe.csv")
    monkeypatch.setattr(paths, "_look", lambda *_: None)
    with pytest.raises(paths.PathRefused, match="not a regular file"):
        paths.open_inside(root, "pipe.csv")


def test_a_missing_file_is_said_for_people(root: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"^data/b\.csv: there is no such file$"):
        paths.open_inside(root, "data/b.csv")
    with pytest.raises(FileNotFoundError, match=r"^other: there is no such file$"):
        paths.open_inside(root, "other/b.csv")
    with pytest.raises(paths.PathRefused, match="is not a folder"):
        paths.open_inside(root, "data/a.csv/b.csv")
    with pytest.raises(OSError, match="cannot be read: File name too long"):
        paths.open_inside(root, "a" * 400)


def test_the_reason_of_a_missing_file_stands_without_its_path_too(root: Path) -> None:
    """A reader that named the path itself told "cannot be read: a%*.csv: there is no such file"."""
    with pytest.raises(FileNotFoundError, match=r"^a%\*\.csv: there is no such file$") as raised:
        paths.open_inside(root, "a%*.csv")
    assert raised.value.strerror == "there is no such file"


def test_a_path_loses_what_has_no_meaning() -> None:
    assert paths.normal("./data//./a.csv") == "data/a.csv"
    assert paths.normal("../a.csv") == "../a.csv"
    assert paths.normal("/a.csv") == "/a.csv"
    assert paths.normal("http://example.org//a.csv") == "http://example.org//a.csv"


@settings(derandomize=True, max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(["..", ".", "", "a", "/", "\\", "~", "x.csv", "\0", ":", "outside.csv"]), max_size=6))
def test_whatever_is_not_refused_stays_inside(pieces: list[str]) -> None:
    path = "/".join(pieces)
    if paths.refusal(path) is None:
        inside = Path("/package")
        assert Path(os.path.normpath(inside / path)).is_relative_to(inside)
        assert os.path.normpath(inside / path) == str(inside / path)
