"""Characters that nobody sees or that are not what they look like: errors in our tables, often warnings elsewhere."""

from __future__ import annotations

import unicodedata

from .harness import GENERIC_1, GENERIC_2, OURS, Expected, Package, fault

FORBIDDEN = "forbidden-character"


def unseen(p: Package, text: str) -> Expected:
    """Puts a character that nobody sees into a text."""
    spot = p.spot("text")
    p.set(spot, text)
    if p.name == OURS:
        return p.at(spot, FORBIDDEN)
    return p.at(spot, "unseen-character", severity="warning")


@fault("unicode")
def zero_width_space(p: Package) -> Expected:
    """A zero-width space stands in a name."""
    return unseen(p, "Fern\u200bRock")


@fault("unicode", (OURS,))
def soft_hyphen(p: Package) -> Expected:
    """A soft hyphen stands in a name."""
    return unseen(p, "Fern\u00adRock")


@fault("unicode")
def right_to_left_override(p: Package) -> Expected:
    """A bidirectional override turns a part of a name around."""
    return unseen(p, "Fern \u202ekcoR")


@fault("unicode")
def bidi_isolate(p: Package) -> Expected:
    """A bidirectional isolate opens in a name and never closes."""
    return unseen(p, "Fern \u2067Rock")


@fault("unicode")
def mark_inside_cell(p: Package) -> Expected:
    """A byte-order mark stands inside a cell, where two files were joined."""
    return unseen(p, "\ufeffFern Rock")


@fault("unicode")
def bell(p: Package) -> Expected:
    """A control character stands in a name."""
    return unseen(p, "Fern\x07Rock")


@fault("unicode")
def escape_sequence(p: Package) -> Expected:
    """A name colours the terminal."""
    return unseen(p, "\x1b[31mFern Rock\x1b[0m")


@fault("unicode")
def line_separator(p: Package) -> Expected:
    """A name holds the line separator U+2028."""
    return unseen(p, "Fern\u2028Rock")


@fault("unicode")
def next_line(p: Package) -> Expected:
    """A name holds the control character for a next line, U+0085."""
    return unseen(p, "Fern\u0085Rock")


@fault("unicode")
def tag_characters(p: Package) -> Expected:
    """A name carries a hidden message in tag characters."""
    return unseen(p, "Fern Rock" + "".join(chr(0xE0000 + ord(c)) for c in "hidden"))


@fault("unicode")
def word_joiner(p: Package) -> Expected:
    """A name ends with a word joiner."""
    return unseen(p, "Fern Rock\u2060")


@fault("unicode")
def noncharacter(p: Package) -> Expected:
    """A name holds U+FFFE, which is no character."""
    return unseen(p, "Fern\ufffeRock")


@fault("unicode", (OURS,))
def no_break_space(p: Package) -> Expected:
    """A no-break space stands in a name."""
    return unseen(p, "Fern\u00a0Rock")


@fault("unicode", (OURS,))
def thin_space(p: Package) -> Expected:
    """A thin space stands in a name."""
    return unseen(p, "Fern\u2009Rock")


@fault("unicode", (OURS,))
def replacement_character(p: Package) -> Expected:
    """A letter was lost on the way: U+FFFD stands for it."""
    return unseen(p, "F\ufffdrn Rock")


@fault("unicode", (OURS,))
def decomposed_letter(p: Package) -> Expected:
    """An accented letter is two characters, as file names of some systems have it."""
    spot = p.spot("text")
    p.set(spot, unicodedata.normalize("NFD", "Fèrn Rock"))
    return p.at(spot, "not-nfc")


@fault("unicode", (OURS, GENERIC_1))
def formula(p: Package) -> Expected:
    """A text is a formula that a spreadsheet runs."""
    spot = p.spot("text")
    p.set(spot, '=HYPERLINK("https://evil.example";"Fern")')
    severity = "error" if p.name == OURS else "warning"
    return p.at(spot, "formula-cell", severity=severity)


@fault("unicode", (OURS, GENERIC_1))
def at_sign_in_front(p: Package) -> Expected:
    """A text begins with the sign that calls a function in spreadsheets."""
    spot = p.spot("text")
    p.set(spot, "@SUM(A1:A9)")
    return p.at(spot, "formula-cell", severity="error" if p.name == OURS else "warning")


@fault("unicode", (OURS, GENERIC_1))
def tab_in_front(p: Package) -> Expected:
    """A tab hides the sign with which a formula begins."""
    spot = p.spot("text")
    p.set(spot, "\t=1+1")
    if p.name == OURS:
        return p.at(spot, FORBIDDEN)
    return p.at(spot, ("formula-cell", "unseen-character"), severity="warning")


@fault("unicode", (OURS,))
def fullwidth_formula(p: Package) -> Expected:
    """A text begins with a full-width equals sign, which some spreadsheets take for the plain one."""
    spot = p.spot("text")
    p.set(spot, "\uff1d1+1")
    return p.at(spot, "formula-cell")


@fault("unicode", (OURS,))
def space_in_front(p: Package) -> Expected:
    """A name begins with a space, which house style forbids."""
    spot = p.spot("text")
    p.set(spot, " Imre Taal")
    return p.at(spot, "surrounding-space")


@fault("unicode")
def cyrillic_letter_in_code(p: Package) -> Expected:
    """A letter of a code is Cyrillic and looks the same."""
    spot = p.spot("enum")
    text = p.cell(spot).translate(str.maketrans("aeos", "\u0430\u0435\u043e\u0455"))
    p.set(spot, text)
    return p.at(spot, "constraint-error")


@fault("unicode")
def cyrillic_letter_in_reference(p: Package) -> Expected:
    """A letter of a reference is Cyrillic and looks the same."""
    spot = p.spot("reference")
    p.set(spot, p.cell(spot).translate(str.maketrans("aC", "\u0430\u0421")))
    return p.at(spot, "foreign-key")


@fault("unicode")
def zero_width_joiner_in_reference(p: Package) -> Expected:
    """A reference ends with a zero-width joiner."""
    spot = p.spot("reference")
    p.set(spot, p.cell(spot) + "\u200d")
    return p.at(spot, (FORBIDDEN,) if p.name == OURS else ("foreign-key",))


@fault("unicode")
def fullwidth_digits(p: Package) -> Expected:
    """An integer is in full-width digits."""
    spot = p.spot("integer")
    p.set(spot, "\uff11\uff12")
    return p.at(spot, "type-error")


@fault("unicode")
def superscript_digit(p: Package) -> Expected:
    """An integer has the number of a footnote behind it."""
    spot = p.spot("integer")
    p.set(spot, p.cell(spot) + "\u00b2")
    return p.at(spot, "type-error")


@fault("unicode")
def no_break_space_in_number(p: Package) -> Expected:
    """A no-break space stands between thousands."""
    spot = p.spot("number")
    p.set(spot, "1\u00a0200.5")
    return p.at(spot, (FORBIDDEN,) if p.name == OURS else ("type-error",))


@fault("unicode")
def cyrillic_letter_in_label(p: Package) -> Expected:
    """A letter of a label is Cyrillic and looks the same."""
    table = p.spot("enum").table
    labels = p.header(table)
    labels[1] = "n\u0430me"
    p.set_header(table, labels)
    return Expected("incorrect-label", p.file(table), 1, 2)


@fault("unicode")
def invisible_in_label(p: Package) -> Expected:
    """A label ends with a zero-width space."""
    table = p.spot("enum").table
    labels = p.header(table)
    labels[1] = "name\u200b"
    p.set_header(table, labels)
    return Expected("incorrect-label", p.file(table), 1, 2)


@fault("unicode", (OURS,))
def ligature_in_key(p: Package) -> Expected:
    """A key holds a ligature, which looks like two letters."""
    spot = p.of("names", "red-banner-2", "name_id")
    p.set(spot, "o\ufb03ce-2")
    return p.at(spot, "constraint-error")


@fault("unicode", (GENERIC_2,))
def unseen_in_untyped_text(p: Package) -> Expected:
    """A zero-width space stands in a name of a file whose rows end with CRLF."""
    spot = p.spot("required")
    p.set(spot, "Act\u200bias")
    return p.at(spot, "unseen-character", severity="warning")
