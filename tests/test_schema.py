"""The strict loader: what it does not know it refuses, naming file and key, and it reports every fault."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bastions.loader import load
from bastions.schema import SchemaError


def faults(root: Path) -> list[str]:
    with pytest.raises(SchemaError) as caught:
        load(root)
    return caught.value.faults


def edit(root: Path, file: str, old: str, new: str) -> None:
    path = root / "schemas" / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


CASES = {
    "attribute that bounds are computed with": (
        # It ended in a KeyError of the rules' derived tables.
        "codes/value_origin.yaml",
        "    digits: written\n",
        "",
        "codes/value_origin.yaml: codes.reported.digits: is missing",
    ),
    "factor that is no number": ("codes/unit.yaml", 'factor: "1"', "factor: one", "codes.count.factor: 'one' is not"),
    "unknown key of a table": ("actors.yaml", "title: Actors\n", "titel: Actors\n", "actors.yaml: titel: unknown key"),
    "missing key of a table": ("actors.yaml", "title: Actors\n", "", "actors.yaml: title: is missing"),
    "unknown key of a field": (
        "sources.yaml",
        "- name: source_type\n    type: string\n",
        "- name: source_type\n    type: string\n    requierd: true\n",
        "sources.yaml: fields[1].requierd: unknown key",
    ),
    "unknown key beside use": (
        "actors.yaml",
        "- use: country\n",
        "- use: country\n    type: string\n",
        "fields[4].type: unknown key",
    ),
    "unknown constraint": (
        "sources.yaml",
        "constraints: {required: true}",
        "constraints: {requierd: true}",
        "source_type.constraints.requierd: unknown key",
    ),
    "unknown type": (
        "sources.yaml",
        "- name: title\n    type: string",
        "- name: title\n    type: text",
        "sources.yaml: title.type: 'text' is not one of",
    ),
    "unknown kind": ("actors.yaml", "kind: record", "kind: recrod", "actors.yaml: kind: 'recrod' is not one of"),
    "reference to no table": (
        "sources.yaml",
        "references: actors",
        "references: actrs",
        "sources.yaml: publisher_id.references: there is no table 'actrs'",
    ),
    "reference to no code list": (
        "actors.yaml",
        "references: codes/bloc",
        "references: codes/block",
        "actors.yaml: bloc.references: there is no schemas/codes/block.yaml",
    ),
    "use of no field": ("actors.yaml", "- use: country", "- use: contry", "'contry' is neither in fields.yaml nor"),
    "composite key to no table": (
        "names.yaml",
        "{resource: records,",
        "{resource: recods,",
        "names.yaml: foreign key (subject_table, subject_id): there is no table 'recods'",
    ),
    "shadowing a shared field": (
        "actors.yaml",
        "  - use: country\n",
        "  - name: country\n    type: string\n    description: Own.\n",
        "actors.yaml: country: shadows the field of that name in schemas/fields.yaml",
    ),
    "one name, two definitions": (
        "actors.yaml",
        "  - use: country\n",
        "  - use: country\n  - name: platform\n    type: string\n    description: Own.\n",
        "platform: is defined in schemas/actors.yaml too; put it in schemas/fields.yaml",
    ),
    "a column twice": ("actors.yaml", "- use: country\n", "- use: country\n  - use: country\n", "stands twice"),
    "a YAML key twice": ("actors.yaml", "title: Actors\n", "title: A\ntitle: B\n", "key 'title' stands twice"),
    "no YAML": ("actors.yaml", "title: Actors\n", "title: [\n", "actors.yaml: line"),
    "a key column that is none": (
        "actors.yaml",
        "primaryKey: actor_id",
        "primaryKey: actor",
        "actors.yaml: primaryKey: 'actor' is not a column",
    ),
    "a pattern that does not compile": (
        "sources.yaml",
        'pattern: "https?://[^ ]+"',
        'pattern: "https?://["',
        "url.constraints.pattern: 'https?://[' is not a regular expression",
    ),
    "a pattern that engines read differently": (
        "sources.yaml",
        'pattern: "https?://[^ ]+"',
        r'pattern: "https?://\\S+\\d"',
        "uses \\d",
    ),
    "a minimum of text": (
        "sources.yaml",
        "constraints: {minimum: 1}",
        "constraints: {minimum: one}",
        "text_length.constraints.minimum: only numbers have one",
    ),
    "unknown key of a code": (
        "codes/polarity.yaml",
        "label:",
        "lable:",
        "codes/polarity.yaml: codes.affirmed.lable: unknown key",
    ),
    "a code that YAML reads as something else": (
        "codes/polarity.yaml",
        "  affirmed:",
        "  no:",
        "the code False is not text; put it in quotes",
    ),
    "an attribute outside its list": (
        "codes/engagement_type.yaml",
        "    group: violent",
        "    group: fierce",
        "group: 'fierce' is not one of violent",
    ),
    "a crosswalk to no system": (
        "codes/factuality.yaml",
        "system: factbank",
        "system: factbnk",
        "there is no code system 'factbnk'",
    ),
    "a crosswalk twice": (
        "codes/factuality.yaml",
        '- {system: factbank, code: "CT+", match: exact}',
        '- {system: factbank, code: "CT+", match: exact}\n      - {system: factbank, code: "CT+", match: exact}',
        "leads to the same code twice",
    ),
    "a key that YAML cannot compare": (
        "actors.yaml",
        "title: Actors\n",
        "? [a, b]\n: c\n",
        "is not YAML that can be read",
    ),
    "a date where text belongs": ("actors.yaml", "title: Actors\n", "title: 2017-99-99\n", "actors.yaml:"),
    "shared fields that are no list": (
        "fields.yaml",
        "- name: subject_table",
        "a:\n- name: subject_table",
        "fields.yaml:",
    ),
    "files outside the folder": (
        "actors.yaml",
        "kind: record\n",
        "kind: record\nfiles: /etc/*.csv\n",
        "actors.yaml: files: '/etc/*.csv' is not a pattern of files in this folder",
    ),
    "uniqueness that nobody checks": (
        "sources.yaml",
        'constraints: {pattern: "https?://[^ ]+"}',
        'constraints: {pattern: "https?://[^ ]+", unique: true}',
        "url.constraints.unique: unknown key",
    ),
    "a possessive pattern": (
        "sources.yaml",
        'pattern: "https?://[^ ]+"',
        'pattern: "[a-z]++"',
        "what engines differ in",
    ),
    "a match that is none": ("codes/factuality.yaml", "match: exact", "match: same", "'same' is not one of exact"),
    "a version that is none": ("package.yaml", "version: ", "version: v", "is not a semantic version"),
}


@pytest.mark.parametrize("name", CASES)
def test_fault_names_file_and_key(tiny: Path, name: str) -> None:
    file, old, new, words = CASES[name]
    edit(tiny, file, old, new)
    assert any(words in fault for fault in faults(tiny)), faults(tiny)


def test_all_faults_are_reported(tiny: Path) -> None:
    edit(tiny, "actors.yaml", "title: Actors\n", "titel: Actors\n")
    edit(tiny, "sources.yaml", "references: actors", "references: actrs")
    told = "\n".join(faults(tiny))
    assert "titel" in told
    assert "actrs" in told


def test_code_list_that_nobody_uses(tiny: Path) -> None:
    (tiny / "schemas/codes/idle.yaml").write_text(
        "title: Idle\ndescription: Used by nobody.\ncodes:\n  a: {label: A, definition: B}\n"
    )
    assert faults(tiny) == ["schemas/codes/idle.yaml: file: no column refers to this code list, and no view names it"]


def test_no_code_has_an_attribute_in_two_lists() -> None:
    """A query that joins a code and its attribute, and leaves out the list, says the same (tests/mutants.yaml)."""
    codes = [code for codes in load(Path(__file__).parents[1]).code_lists.values() for code in codes.codes.values()]
    pairs = [(code.code, attribute) for code in codes for attribute in code.attributes]
    assert len(pairs) == len(set(pairs)) > 0


def test_adding_a_column_is_one_entry_and_a_table_one_file(tiny: Path) -> None:
    """Nothing is registered twice: pandera, DDL, descriptor and codebook know the new ones at once."""
    from bastions import codebook, descriptor, dialects

    edit(
        tiny,
        "actors.yaml",
        "  - use: description\n",
        "  - use: description\n  - name: motto\n    type: string\n    description: The actor's motto.\n",
    )
    (tiny / "schemas/treaties.yaml").write_text(
        "title: Treaties\nkind: record\ndescription: One row is one treaty.\nprimaryKey: treaty_id\nfields:\n"
        "  - name: treaty_id\n    type: string\n    description: Key.\n  - use: actor_id\n"
    )
    schema = load(tiny)
    assert "motto" in dialects.pandera_schema(schema.tables["actors"]).columns
    assert "motto" in dialects.duckdb_table(schema.tables["actors"])
    assert schema.tables["treaties"].foreign_keys[0].table == "actors"
    assert "treaties" in [r["name"] for r in descriptor.package(schema)["resources"]]
    assert "`motto`" in codebook.render(schema)
    assert "treaties" in schema.code_lists["table"].codes


def test_key_columns_are_required_slugs_without_saying_so(tiny: Path) -> None:
    schema = load(tiny)
    for table in schema.tables.values():
        limits = table[table.key].constraints
        assert limits.required
        assert limits.pattern == schema.package["keyPattern"]


def test_a_name_means_one_thing_everywhere(tiny: Path) -> None:
    """A column used by several tables has one type, description, unit and code list."""
    seen: dict[str, tuple[object, ...]] = {}
    for table in load(tiny).all_tables.values():
        for column in table.fields:
            told = (column.type, column.description, column.unit, column.codes and column.codes.name, column.edtf)
            assert seen.setdefault(column.name, told) == told, column.name


def test_no_dataset_here(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="not the folder of a Bastions dataset"):
        load(tmp_path)


@pytest.mark.parametrize("name", ["pipe.yaml", "rules/claims__pipe.sql", "codes/link.yaml"])
def test_only_regular_files_are_read(tiny: Path, name: str) -> None:
    """On a pipe in `schemas/` of a stranger's folder `validate` waited for ever."""
    path = tiny / "schemas" / name
    if "link" in name:
        path.symlink_to(tiny / "schemas/codes/country.yaml")
    else:
        os.mkfifo(path)
    assert faults(tiny) == [f"schemas/{name}: file: is not a regular file"]
