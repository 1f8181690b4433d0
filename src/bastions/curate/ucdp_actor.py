"""UCDP Actor Dataset: the actors that our events need, with their names, ids, splits and mergers.

Followed: the columns of release 22.1. Taken over is what it states: names as they are given, `Org` as the type of
actor, and from its cells on what came before and after an actor the links `successor_of` and `member_of`. A bloc is set
only where the settings give one, which our code list of blocs names by itself; the dataset has nothing of the kind.

Settings of source.yaml: `actors` (UCDP's ids, each with an optional bloc and country).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

import polars as pl

from bastions.curate.job import Job, Made, Row, claim
from bastions.curate.raw import RawRow, read_csv
from bastions.curate.ucdp_release import columns
from bastions.curate.ucdp_sides import SCHEME, made_id
from bastions.problems import Problem, problem

COLUMNS = columns(
    "ActorId NameData NameOrig NameOrigFull NameOrigFullEng NameChange NewName NewNameFullMotherTongue NewNameFullEng "
    "Org ConflictId DyadId PrimaryParty OSID OSCoalition OSCoalitionID NSID NSCoalition NSCoalitionID Splinter "
    "NamePrev ActorIdPrev SplitTemp NameSplitTemp ActorIdSplitTemp Alliance NameAlliance ActorIdAlliance JoinGroup "
    "GroupName ActorIdGroup Location GWNOLoc Region Version"
)

TYPES = {"1": "armed_group", "4": "government"}
"""Org to `actor_type`: formally organised groups, governments. Supporters of organisations (2) and communal groups (3)
are no parties to the events here; one that is asked for is a problem."""

NAMES = (
    ("NameOrig", "former", "spelling", ""),
    ("NameOrigFull", "former", "endonym", ""),
    ("NameOrigFullEng", "former", "translation", "en"),
    ("NewNameFullMotherTongue", "endonym", "endonym", ""),
    ("NewNameFullEng", "translation", "translation", "en"),
)
"""Column of a name, its type where the actor has changed its name and where not, and its language where it is told."""


def curate(job: Job) -> Made:
    """The rows of the actors that the settings name.

    Args:
        job: With the raw file of release 22.1, UTF-8 with a byte-order mark.

    Returns:
        Actors that no row has by UCDP's id, each with its id and its other names; links between actors of UCDP that
        are in the dataset; and the claims that both need.
    """
    (file,) = job.raw
    raw, problems = read_csv(job.raw[file], file, COLUMNS, bom=True)
    if problems:
        return Made(problems=problems)
    raw, problems = job.corrections.apply(raw, file)
    by_id = {row["ActorId"]: row for row in raw}
    there = _there(job)
    wanted: Mapping[str, Any] = {str(key): value or {} for key, value in job.settings["actors"].items()}
    made = Made(tables=defaultdict(list), problems=problems)
    counts: Counter[str] = Counter()
    ours = dict(there)
    for key in wanted:
        if key not in by_id:
            made.problems.append(_unfit(job, key, "is no ActorId of the file"))
        elif by_id[key]["Org"] not in TYPES:
            made.problems.append(_unfit(job, key, f"has Org {by_id[key]['Org']}, which is no type of party here"))
        elif key in there:
            made.problems.append(_unfit(job, key, f"is the id of {there[key]} already"))
        else:
            ours[key] = made_id(key)
    taken = {name for name, _ in job.tables["actors"].select("name", "actor_id").iter_rows()}
    for key in sorted((k for k in wanted if ours.get(k) == made_id(k)), key=int):
        if by_id[key]["NameData"].strip() in taken:
            made.problems.append(_unfit(job, key, f'has the name of another actor, "{by_id[key]["NameData"]}"'))
        _actor(made.tables, job.source_id, by_id[key], wanted[key])
    for key in sorted(ours, key=int):
        if key in by_id:
            _links(made, job.source_id, by_id[key], ours, counts)
    made.counts = {"actors of the file": len(raw), **counts}
    made.tables = {name: rows for name, rows in made.tables.items() if rows}
    return made


def _there(job: Job) -> dict[str, str]:
    ids = job.tables["identifiers"].filter((pl.col("scheme") == SCHEME) & (pl.col("subject_table") == "actors"))
    return dict(ids.select("identifier", "subject_id").iter_rows())


def _unfit(job: Job, key: str, text: str) -> Problem:
    return problem("actor-unresolved", f"seeds/{job.source_id}/source.yaml", f"actor {key} {text}", value=key)


def _actor(tables: dict[str, list[Row]], source_id: str, row: RawRow, set_: Mapping[str, str]) -> None:
    key, actor = row["ActorId"], made_id(row["ActorId"])
    name = row["NameData"].strip()
    tables["actors"].append({"actor_id": actor, "name": name, "actor_type": TYPES[row["Org"]], **set_})
    tables["identifiers"].append(
        {
            "identifier_id": f"{actor}-{SCHEME}",
            "subject_table": "actors",
            "subject_id": actor,
            "scheme": SCHEME,
            "identifier": key,
            "match": "exact",
        }
    )
    seen = {name}
    for column, changed, kept, language in NAMES:
        text = " ".join(row[column].split())
        if text in ("", "n/a") or text in seen:
            continue
        seen.add(text)
        name_id = f"{actor}-{column.lower()}"
        tables["names"].append(
            {
                "name_id": name_id,
                "subject_table": "actors",
                "subject_id": actor,
                "name": text,
                "language": language,
                "script": "Latn",
                "name_type": changed if row["NameChange"] == "1" else kept,
            }
        )
        tables["claims"].append(
            claim(
                source_id,
                f"{key}-{column.lower()}",
                ("names", name_id),
                f"ActorId={key};column={column}",
                field="name",
                value_text=text,
                statement="UCDP has it as a name of this actor.",
            )
        )


def _links(made: Made, source_id: str, row: RawRow, ours: Mapping[str, str], counts: Counter[str]) -> None:
    """What the file says of what came before an actor and what it went into, where both ends are actors of ours.

    `ActorIdGroup` names the group that an actor joined; where it lists several (the Islamic Front lists Ahrar al-Sham
    and six more) they are those that formed it, and their own rows say so.
    """
    key = row["ActorId"]
    for column, link_type, covers in (
        ("ActorIdPrev", "successor_of", "is a splinter of"),
        ("ActorIdAlliance", "member_of", "formed with others"),
        ("ActorIdGroup", "member_of", "joined"),
    ):
        others = [part.strip() for part in row[column].split(",") if part.strip()]
        if column == "ActorIdGroup" and len(others) > 1:
            counts["lists of a group's parts, left to the rows of these"] += 1
            continue
        for other in others:
            if other not in ours:
                counts["relations to actors that are not entered"] += 1
                continue
            link = f"{ours[key]}-{link_type.replace('_', '-')}-{ours[other]}"
            if not any(known["link_id"] == link for known in made.tables["links"]):
                made.tables["links"].append(
                    {
                        "link_id": link,
                        "subject_table": "actors",
                        "subject_id": ours[key],
                        "link_type": link_type,
                        "related_table": "actors",
                        "related_id": ours[other],
                        "method": "register",
                    }
                )
            made.tables["claims"].append(
                claim(
                    source_id,
                    f"{key}-{column.lower()}-{other}",
                    ("links", link),
                    f"ActorId={key};column={column}",
                    covers="link_type",
                    statement=f"UCDP has that it {covers} the other, at a time that it does not give.",
                )
            )
