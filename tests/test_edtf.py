"""Which texts are dates, and the days that they can mean."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bastions import edtf

BOUNDS = {
    # A day, a month, a year.
    "2017-11-03": ("2017-11-03", "2017-11-03"),
    "2017-11": ("2017-11-01", "2017-11-30"),
    "2017-12": ("2017-12-01", "2017-12-31"),
    "2017": ("2017-01-01", "2017-12-31"),
    # Leap days.
    "2016-02-29": ("2016-02-29", "2016-02-29"),
    "2016-02": ("2016-02-01", "2016-02-29"),
    "2017-02-XX": ("2017-02-01", "2017-02-28"),
    "2000-02": ("2000-02-01", "2000-02-29"),
    "1900-02": ("1900-02-01", "1900-02-28"),
    # Seasons; winter runs on into the next year.
    "2017-21": ("2017-03-01", "2017-05-31"),
    "2017-22": ("2017-06-01", "2017-08-31"),
    "2017-23": ("2017-09-01", "2017-11-30"),
    "2017-24": ("2017-12-01", "2018-02-28"),
    "2015-24": ("2015-12-01", "2016-02-29"),
    # Digits that nobody stated.
    "201X": ("2010-01-01", "2019-12-31"),
    "20XX": ("2000-01-01", "2099-12-31"),
    "2017-XX": ("2017-01-01", "2017-12-31"),
    "2017-XX-XX": ("2017-01-01", "2017-12-31"),
    "2017-11-XX": ("2017-11-01", "2017-11-30"),
    # The written tolerance, by the unit that is given; % counts twice.
    "2017-10-26~": ("2017-10-23", "2017-10-29"),
    "2017-10-26?": ("2017-10-23", "2017-10-29"),
    "2017-10-26%": ("2017-10-20", "2017-11-01"),
    "2017-09~": ("2017-08-17", "2017-10-15"),
    "2017-11-XX~": ("2017-10-17", "2017-12-15"),
    "2017-23~": ("2017-07-18", "2018-01-14"),
    "2014~": ("2013-07-02", "2015-07-02"),
    # Intervals: `..` and nothing are no bound.
    "2017-09/2017-11": ("2017-09-01", "2017-11-30"),
    "2017-09-05/2017-11": ("2017-09-05", "2017-11-30"),
    "../2017-11": (None, "2017-11-30"),
    "2017-11/..": ("2017-11-01", None),
    "/2017-11": (None, "2017-11-30"),
    "2017-11/": ("2017-11-01", None),
    "2017-11-03~/2017-11-05": ("2017-10-31", "2017-11-05"),
    # One of a set.
    "[2017-09,2017-11]": ("2017-09-01", "2017-11-30"),
    "[2017-11-05,2017-11-03]": ("2017-11-03", "2017-11-05"),
    "[2017-09..2017-11]": ("2017-09-01", "2017-11-30"),
    "[..2015-05]": (None, "2015-05-31"),
    "[2015-05..]": ("2015-05-01", None),
    "[2014,2016..2017-03]": ("2014-01-01", "2017-03-31"),
    "[..2014,2016]": (None, "2016-12-31"),
    "[..2015-05~]": (None, "2015-06-15"),
    # The ends of the calendar do not raise.
    "0001~": ("0001-01-01", "0002-07-02"),
    "9999-24": ("9999-12-01", "9999-12-31"),
    "9999-12-31~": ("9999-12-28", "9999-12-31"),
}

REFUSED = [
    # Days and months that do not exist.
    "2017-02-29", "2017-02-30", "2017-11-31", "2017-13-03", "2017-13", "2017-00", "2017-11-00", "2017-20", "2017-25",
    "0000", "0000-01-01",
    # Other lexical forms, which libraries and people take for dates.
    "2017-2-3", "17-11-03", "2017/11/03", "20171103", "03.11.2017", "November 2017", "2017-11-03T10:00:00Z", "+2017",
    "-0100", "Y12017", "2017-11-0X", "1XXX", "XXXX", "2017-X1", "2017~-11", "~2017", "2017-11~?", "2017-3X",
    # White space and digits of other scripts, which Python's int() takes.
    "2017-11-03 ", " 2017-11-03", "2017-11-03\n", "2017 -11", "٢٠١٧-11-03", "２０１７", "2017\u201311\u201303",
    # Nothing, and open everywhere.
    "", "/", "../..", "..", "[..]", "[]", "2017..", "..2017",
    # Runs backwards; or has more ends than two.
    "2017-11-03/2017-11-01", "2018/2017", "[2018..2017]", "2017/2018/2019", "2017/..//",
    # Sets that are none, or of level 2.
    "[2017]", "[2017", "2017]", "[2017,]", "[2017, 2018]", "{2017,2018}", "[2017..,2018]", "[2017,..2018]",
    "[[2017,2018]]",
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), BOUNDS.items())
def test_bounds(text: str, expected: tuple[str | None, str | None]) -> None:
    low, high = (None if day is None else date.fromisoformat(day) for day in expected)
    assert edtf.bounds(text) == (low, high)
    assert edtf.is_edtf(text)
    assert edtf.is_edtf(text, end=True)


@pytest.mark.parametrize("text", REFUSED)
def test_refused(text: str) -> None:
    assert not edtf.is_edtf(text)


def test_still_going_on_stands_in_end_columns_alone() -> None:
    assert edtf.is_edtf("..", end=True)
    assert not edtf.is_edtf("..")
    assert edtf.bounds("..") == (None, None)


def test_reason_is_given() -> None:
    with pytest.raises(ValueError, match="ends before it begins"):
        edtf.bounds("2018/2017")


@given(st.dates())
def test_every_day_is_its_own_bounds(day: date) -> None:
    assert edtf.bounds(day.isoformat()) == (day, day)


@given(st.dates(date(1, 1, 8), date(9999, 12, 20)), st.sampled_from("~?"))
def test_a_mark_only_widens(day: date, mark: str) -> None:
    assert edtf.bounds(day.isoformat() + mark) == (day - timedelta(days=3), day + timedelta(days=3))


@given(st.text("0123456789X-~?%/.[],", max_size=24))
def test_any_text_is_refused_or_bounded(text: str) -> None:
    if edtf.is_edtf(text):
        low, high = edtf.bounds(text)
        assert low is None or high is None or low <= high


def test_plain_dates_do_not_reach_the_library() -> None:
    """The library costs 0.14 s to import and 3.4 ms a parse; a column of ten thousand days must pay neither."""
    code = (
        "import sys; from bastions import edtf; "
        "[edtf.bounds(t) for t in ('2017-11-03', '2017-11', '2017', '2017-11~', '[..2015-05]', '2017-24')]; "
        "sys.exit('edtf' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
