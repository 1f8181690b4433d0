"""The grammar of strike lines, on lines of our own: what is read, what is left, and that nothing is half read."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import ROOT, schema_in
from strike_labels import DRAWN, FOLDER, SEED, Agreement, Label, as_label, between, compare, read_labels, sample

from bastions.curate import strike_things
from bastions.curate.strike_lines import WITHOUT_TARGETS, Effect, Line, Unread, read
from bastions.curate.strike_words import VERBS

READ = {
    "one strike struck an ISIL boat.": ["struck boat 1"],
    # Chains: a verb carries as far as the next one, whatever parts them.
    "two strikes engaged nine barges and a bunker; destroyed six ISIL tactical units; and damaged a crane.": [
        "engaged boat 9",
        "engaged bunker 1",
        "destroyed tactical_unit 6",
        "damaged engineering_vehicle 1",
    ],
    "one airstrike struck a boat and a bridge and a road and denied access to land features and wounded a sniper.": [
        "struck boat 1",
        "struck bridge 1",
        "struck route 1",
        "denied terrain some",
        "wounded fighters 1",
    ],
    # Participles open a new list.
    "14 airstrikes struck a tent, destroying two trenches and a berm.": [
        "struck bed_down_location 1",
        "destroyed obstacle 2",
        "destroyed obstacle 1",
    ],
    "an airstrike struck a berm and two barges denying ISIL an advantage.": [
        "struck obstacle 1",
        "struck boat 2",
        "denied terrain some",
    ],
    "one airstrike struck and destroyed two ISIL boats.": ["struck boat 2", "destroyed boat 2"],
    "one strike struck a boat. The strike also cratered an ISIL-used road.": ["struck boat 1", "damaged route 1"],
    "one strike destroyed a boat, a crane and also struck a bridge.": [
        "destroyed boat 1",
        "destroyed engineering_vehicle 1",
        "struck bridge 1",
    ],
    # Numbers.
    "eleven strikes destroyed 27 ISIL boats, several barges, multiple cranes and ISIL-used tunnels.": [
        "destroyed boat 27",
        "destroyed boat some",
        "destroyed engineering_vehicle some",
        "destroyed tunnel some",
    ],
    "one strike destroyed two boats and damaged another.": ["destroyed boat 2", "damaged boat 1"],
    "one strike destroyed a boat and damaged two others.": ["destroyed boat 1", "damaged boat 2"],
    "one strike damaged a third ISIL boat and another crane.": ["damaged boat 1", "damaged engineering_vehicle 1"],
    "one strike engaged one large and nine smaller ISIL tactical units.": [
        "engaged tactical_unit 1",
        "engaged tactical_unit 9",
    ],
    "14 airstrikes denied ISIL access to 27 separate terrain locations.": ["denied terrain 27"],
    "one strike denied ISIL terrain at four separate locations.": ["denied terrain 4"],
    "one strike suppressed movement of nine ISIL vehicles.": ["suppressed vehicle 9"],
    "one strike suppressed a crane’s movement and mortar fire.": [
        "suppressed engineering_vehicle 1",
        "suppressed mortar some",
    ],
    "one strike engaged multiple storage and staging facilities.": [
        "engaged weapons_cache some",
        "engaged staging_area some",
    ],
    "one strike destroyed an ISIL tent and ISIL boat.": ["destroyed bed_down_location 1", "destroyed boat 1"],
    "one strike engaged an ISIL mortar factory and barracks.": [
        "engaged weapons_factory 1",
        "engaged bed_down_location 1",
    ],
    # What is beside the thing.
    "one strike disabled four bridges along an ISIL supply route.": ["damaged bridge 4"],
    "one strike destroyed a barge in ISIL controlled territory.": ["destroyed boat 1"],
    "one strike destroyed seven rocket rails with rockets.": ["destroyed rocket_weapon 7"],
    # Terms with "and" in them, abbreviations, spelled-out terms.
    "one strike destroyed six gas and oil separation plants and nine command and control nodes.": [
        "destroyed oil_installation 6",
        "destroyed command_node 9",
    ],
    "one strike destroyed six vehicle-borne explosive devices (VBIED) and a house borne IED.": [
        "destroyed vehicle_bomb 6",
        "destroyed improvised_device 1",
    ],
    "one strike struck a petroleum, oil, and lubricants site.": ["struck oil_installation 1"],
    # Slips.
    "one airstike stuck an ISIL boat.": ["struck boat 1"],
    "one airstrike truck an ISIL boat.": ["struck boat 1"],
    "one strike struck an ISIL boat an destroyed and ISIL crane.": ["struck boat 1", "destroyed engineering_vehicle 1"],
    "one strike destroyed an two ISIL boats an ISIL crane.": ["destroyed boat 2", "destroyed engineering_vehicle 1"],
    # Nothing hit, or nothing known.
    "19 strikes produced inconclusive results.": ["inconclusive_strikes - 19"],
    "five airstrikes had no effect.": ["ineffective_strikes - 5"],
    "an airstrike on ISIL boats was reported as ineffective.": ["ineffective_strikes - 1"],
    # Parts of a total.
    "one strike struck ISIL facilities including a bunker and two tunnels and destroyed a boat.": [
        "struck building some total",
        "struck bunker 1 part",
        "struck tunnel 2 part",
        "destroyed boat 1",
    ],
}

LEFT = {
    "one strike struck a unicorn.": "thing",
    "one strike struck an ISIL large.": "thing",
    "one strike destroyed three boats and an ISIL": "thing",
    "one strike damaged another.": "thing",
    "one strike on unicorns had no effect.": "thing",
    "one strike struck a boat at the request of a miller.": "thing",
    "one strike struck destroyed a boat.": "structure",
    "one strike struck.": "structure",
    "strikes struck a boat.": "structure",
    "one strike and a boat.": "structure",
    "": "structure",
    "one strike struck a boat. A miller saw it.": "sentence",
    "one strike struck an ISIL rocket storage and staging area.": "quantity",
    "one strike struck two repair and staging areas.": "quantity",
    "one strike struck two storage and staging areas.": "quantity",
}


def effects(text: str) -> list[str]:
    reading = read(text)
    assert isinstance(reading, Line), reading
    return list(as_label(reading).effects)


@pytest.mark.parametrize("text", READ)
def test_read(text: str) -> None:
    assert effects(text) == READ[text]


@pytest.mark.parametrize("text", LEFT)
def test_left(text: str) -> None:
    reading = read(text)
    assert isinstance(reading, Unread)
    assert reading.reason == LEFT[text]


def test_the_number_of_strikes_stays_where_effects_are_left() -> None:
    reading = read("nine airstrikes struck a unicorn.")
    assert (reading.strikes, reading.kind) == (9, "airstrike")


def test_a_line_is_whole_or_unread() -> None:
    """A word more or less anywhere either changes the reading or makes it none; none is passed over in silence."""
    text = "two strikes hit an ISIL bunker and destroyed four boats"
    words = text.split()
    for at in range(len(words) + 1):
        assert isinstance(read(" ".join([*words[:at], "unicorn", *words[at:]])), Unread)


def test_what_an_effect_keeps() -> None:
    reading = read("one strike hit a large ISIL tactical unit, inoperable Coalition equipment and two abandoned boats.")
    assert isinstance(reading, Line)
    assert reading.effects == (
        Effect("struck", "tactical_unit", 1, size="large"),
        Effect("struck", "other", None, owner="coalition"),
        Effect("struck", "boat", 2, owner="nobody"),
    )


def test_white_space_case_and_apostrophes_do_not_matter() -> None:
    assert effects("One  strike suppressed an ISIL\tVehicle's movement") == ["suppressed vehicle 1"]


@pytest.mark.parametrize(
    ("words", "item"),
    [
        ("ISIL weapons storage facility", "weapons_cache"),
        ("homemade explosives cache", "weapons_cache"),
        ("VBIED storage facility", "weapons_cache"),
        ("VBIED facility", "weapons_factory"),
        ("improvised weapons factory", "weapons_factory"),
        ("vehicle staging area", "staging_area"),
        ("financial headquarters", "headquarters"),
        ("financial storage center", "support_facility"),
        ("training camp", "bed_down_location"),
        ("training facility", "support_facility"),
        ("oil tanker trucks", "oil_tanker"),
        ("oil tank", "oil_installation"),
        ("tanks", "armoured_vehicle"),
        ("natural gas processing plant", "oil_installation"),
        ("armored front end loaders", "engineering_vehicle"),
        ("heavy machine gun firing positions", "machine_gun"),
        ("sniper firing position", "fighting_position"),
        ("rocket propelled grenade system", "anti_armour_weapon"),
        ("rocket propelled grenade cache", "weapons_cache"),
        ("anti-aircraft artillery piece", "anti_aircraft_weapon"),
        ("towed artillery pieces", "artillery"),
        ("trench tunnel network", "tunnel"),
        ("culvert bridge", "bridge"),
        ("culverts", "route"),
        ("repeater antennas", "communications_equipment"),
        ("remotely piloted aircraft", "unmanned_aircraft"),
        ("resupply boats", "boat"),
        ("shipping containers", "other"),
        ("suicide bombers", "fighters"),
    ],
)
def test_things(words: str, item: str) -> None:
    assert strike_things.item_of(tuple(words.lower().replace("-", " ").split())) == item


def test_every_code_stands_in_its_list() -> None:
    lists = schema_in(ROOT).code_lists
    items = {item for _, item in strike_things.table().things} - {strike_things.PERSONS}
    assert items <= set(lists["item"].codes)
    assert strike_things.PERSONS in lists["affected_group"].codes
    assert {*VERBS, *WITHOUT_TARGETS.values()} <= set(lists["measure"].codes)
    assert set(LEFT.values()) == set(lists["unread_reason"].codes)


def test_the_draw() -> None:
    drawn = sample(range(2, 5533), SEED, DRAWN)
    rows = (FOLDER / "drawn.csv").read_text("utf-8").splitlines()[1:]
    assert drawn == [int(row.split(",")[0]) for row in rows]
    assert sample(reversed(range(2, 5533)), SEED, DRAWN) == drawn
    assert sample(range(2, 5533), "another", DRAWN) != drawn
    with pytest.raises(ValueError, match="cannot be drawn"):
        sample([1, 2], SEED, 3)


def test_labels_are_compared(tmp_path: Path) -> None:
    (tmp_path / "reader.csv").write_text(
        "line,sha256,strikes,kind,effects,unreadable,note\n"
        "2,x,1,strike,destroyed  crane 1 ; struck boat 1,,\n"
        "3,x,1,strike,struck boat 2,,\n"
        "4,x,1,strike,struck boat 1,,\n"
        "5,x,1,strike,,yes,\n",
        "utf-8",
    )
    labels = read_labels(tmp_path / "reader.csv")
    readings: dict[int, Line | Unread] = {
        2: Line(1, "strike", (Effect("struck", "boat", 1), Effect("destroyed", "crane", 1))),
        3: Line(1, "strike", (Effect("struck", "boat", 1), Effect("struck", "boat", 1))),
        4: Unread("thing", 1, "strike"),
        5: Unread("thing", 1, "strike"),
    }
    found = compare(labels, readings)
    assert found == Agreement(right=(2,), wrong=(3,), left=(5,), lost=(4,))
    assert (found.share, found.share_of_all) == (0.5, 0.5)
    assert "1 wrong [3]" in str(found)
    other = labels | {3: Label("2", "strike", ("struck boat 2",))}
    assert between(labels, other) == (3, 4)
    with pytest.raises(ValueError, match="different lines"):
        between(labels, {})
