"""How the name of a place is spelt, and which spellings are the same name.

Latin spellings of Arabic names differ in article, hyphen, apostrophe, doubled letters, vowels and a few letters for one
sound. `normalise` takes away what never tells two places apart, so that equal keys are equal names up to spelling;
`skeleton` takes away the vowels too, so that equal skeletons are only worth a look. Neither guesses what a name means.
The romanisations met are those of BGN/PCGN 1956 (GeoNames), OCHA, English and French media.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

KINDS = {
    "country": ("country",),
    "governorate": ("governorate", "governate", "governorates", "province", "muhafazah", "muhafazat"),
    "district": ("district", "mantiqa", "mintaqat", "qadha", "qada"),
    "subdistrict": ("subdistrict", "nahiya", "nahiyat", "nahiyah", "sub-district"),
    "populated_place": ("city", "town", "village", "township", "hamlet", "locality"),
    "neighbourhood": ("neighbourhood", "neighborhood", "suburb", "quarter"),
    "facility": (
        *("airport", "airbase", "airfield", "base", "dam", "field", "fields", "refinery", "station", "silos", "prison"),
        *("camp", "barracks", "hospital", "plant", "pumping", "factory", "farm", "farms", "mine", "oilfield"),
    ),
    "border_crossing": ("crossing",),
    "river": ("river",),
    "route": ("road", "highway", "bridge", "junction"),
    "border": ("border",),
    "region": (
        "desert",
        "jabal",
        "jebel",
        "tulul",
        "wadi",
        "mountain",
        "mountains",
        "area",
        "countryside",
        "enclave",
        "pocket",
        "valley",
        "region",
    ),
}
"""Location type to the words in or after a name that say it; only those of units and settlements leave the name."""

_BARE = frozenset({"country", "governorate", "district", "subdistrict", "populated_place", "neighbourhood"})
_KIND_OF = {word: kind for kind, words in KINDS.items() for word in words}
_SIDES = {f"{ns}{ew}ern" for ns in ("", "north", "south") for ew in ("", "east", "west")} | {"northern", "southern"}
_CENTRE = {"markaz", "center", "centre", "central", "مركز"}

_ARTICLES = frozenset(
    {"a", "l", "the"} | {v + c for v in "aeiu" for c in ("l", "n", "r", "s", "sh", "d", "t", "z", "dh", "th")}
)
_WORDS = {
    **dict.fromkeys(("kfar", "kafar", "kefr", "kufr", "kfr"), "kafr"),
    **dict.fromkeys(("tell", "tel", "tal", "til", "till"), "tall"),
    **dict.fromkeys(("deir", "dair", "der", "dir", "deyr"), "dayr"),
    **dict.fromkeys(("jebel", "jabel", "djebel", "gebel"), "jabal"),
    **dict.fromkeys(("ain", "ein", "in", "ayn"), "ayn"),
    **dict.fromkeys(("bu", "albu", "abo", "abou"), "abu"),
    **dict.fromkeys(("um", "om", "oum", "omm"), "umm"),
    **dict.fromkeys(("beit", "bait", "bet"), "bayt"),
    **dict.fromkeys(("sheikh", "shaikh", "sheik", "cheikh", "shekh"), "shaykh"),
    **dict.fromkeys(("bir", "beer"), "bir"),
    **dict.fromkeys(("ras", "raas"), "ras"),
    **dict.fromkeys(("khirbat", "khirbet", "kherbet", "khurbat", "khirba", "kherba"), "khirba"),
    **dict.fromkeys(("madinat", "medinet"), "madina"),
    **dict.fromkeys(("qalat", "qalaat", "kalat"), "qala"),
}
_ARABIC = str.maketrans(
    {
        "أ": "ا",
        "إ": "ا",
        "آ": "ا",
        "ٱ": "ا",
        "ة": "ه",
        "ى": "ي",
        "ی": "ي",
        "ک": "ك",
        "ؤ": "و",
        "ئ": "ي",
        "ء": "",
        "ـ": "",
    }
)
_SOUNDS = str.maketrans("بتثجحخدذرزسشصضطظغفقكلمنه", "bttjhkddrssssdtdkfkklmnh")
_MARKS = re.compile("[\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed]")
_QUOTES = re.compile("['`´‘’ʿʾʼʻ′‛\u02bd\u02be\u02bf\u2018-\u201f]")
_SPECIAL: dict[int, str] = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "ə": "e"})


@dataclass(frozen=True, slots=True)
class Key:
    """A name as it is compared.

    Attributes:
        text: The words that tell places apart, normalised, separated by spaces; empty where nothing is left.
        kind: The location type that a word of the name says (`town`, `governorate`), else empty.
        centre: Whether the name says that it is the central unit of a larger one (`Markaz`, `مركز`).
    """

    text: str
    kind: str = ""
    centre: bool = False


@lru_cache(maxsize=200_000)
def normalise(name: str) -> Key:
    """The key of a name: equal keys are one name, spelt alike up to what never tells places apart.

    Folded away are case, diacritics, apostrophes, hyphens, articles, doubled letters, final h, and some vowels that
    are only spelling (`ou` and `oo` for `u`, `ee` for `i`, `ei` and `ai` for `ay`, `o` for `u`, `e` for `a`). Words in
    parentheses are left out.

    Args:
        name: The name, letter by letter, in any script.
    """
    text = re.sub(r"\([^)]*\)", " ", name) if not name.startswith("(") else name
    text = unicodedata.normalize("NFKD", text).casefold().translate(_SPECIAL)
    if script(name) == "Arab":
        return _arabic(unicodedata.normalize("NFC", text))
    text = _MARKS.sub("", text)
    text = _QUOTES.sub("", text)
    words = re.sub(r"[^\w]+", " ", text.replace("sub-district", "subdistrict")).replace("_", " ").split()
    kept: list[str] = []
    bare, loose, centre = "", "", False
    for place, word in enumerate(words):
        kind = _KIND_OF.get(word, "") if len(words) > 1 else ""
        if word in _CENTRE and len(words) > 1:
            centre = True
        elif kind in _BARE:
            bare = kind
        elif kind or word not in _ARTICLES or len(words) == 1:
            loose = loose or (kind if place or kind == "region" else "")
            kept.append(word)
    if words and words[0] in _SIDES and bare in ("country", "governorate", "district", "subdistrict"):
        bare = "region"
    kind = bare or loose
    kept = kept or words
    return Key(" ".join(_fold(_WORDS.get(word, word)) for word in kept), kind, centre)


def _fold(word: str) -> str:
    word = re.sub(r"^(al|el)bu(?=\w{3})", "abu", word)
    for old, new in (("ou", "u"), ("oo", "u"), ("ee", "i"), ("ei", "ay"), ("ai", "ay"), ("ey", "ay")):
        word = word.replace(old, new)
    word = word.replace("aw", "au").replace("o", "u").replace("e", "a").replace("ph", "f").replace("ck", "k")
    word = re.sub(r"(.)\1+", r"\1", word)
    word = re.sub(r"(?<=\w\w)h$", "", word)
    word = re.sub(r"(?<=[^aeiou\W])y$", "i", word)
    return re.sub(r"(?<=\w)iy?a$", "iya", word)


def _arabic(text: str) -> Key:
    text = _MARKS.sub("", text.translate(_ARABIC))
    words = re.sub(r"[^\w]+", " ", text).replace("_", " ").split()
    centre = len(words) > 1 and words[0] in _CENTRE
    words = words[1:] if centre else words
    return Key(" ".join(re.sub(r"^(?:وال|ال)(?=\w{2})", "", word) for word in words), "", centre)


@lru_cache(maxsize=200_000)
def skeleton(name: str) -> str:
    """The consonants of a name, letters for near sounds made one; equal skeletons are candidates, no more.

    Arabic letters become the Latin ones of their sound, so that `ريف دمشق` and `Rif Dimashq` have one skeleton.
    """
    text = normalise(name).text
    if script(name) == "Arab":
        text = re.sub(r"ه\b", "", text).translate(_SOUNDS)
        return re.sub(r"(.)\1+", r"\1", re.sub(r"[^a-z]", "", text))
    for old, new in (("gh", "g"), ("kh", "x"), ("sh", "s"), ("th", "t"), ("dh", "d"), ("ch", "s"), ("dj", "j")):
        text = text.replace(old, new)
    text = text.translate(str.maketrans("qcgxzpv", "kkkksbb"))
    text = re.sub(r"[aeiouyw\s]|(?<=\w)h(?=\b)", "", text)
    return re.sub(r"(.)\1+", r"\1", text)


_SCRIPTS = {
    "LATIN": "Latn",
    "ARABIC": "Arab",
    "CYRILLIC": "Cyrl",
    "HEBREW": "Hebr",
    "SYRIAC": "Syrc",
    "GREEK": "Grek",
    "ARMENIAN": "Armn",
    "GEORGIAN": "Geor",
    "CJK": "Hani",
    "KATAKANA": "Kana",
    "KATAKANA-HIRAGANA": "Kana",
    "HANGUL": "Hang",
    "DEVANAGARI": "Deva",
    "ETHIOPIC": "Ethi",
}
_LETTERS = {"L"}


@lru_cache(maxsize=200_000)
def script(name: str) -> str:
    """The ISO 15924 code of the one script of a name's letters; empty where there is none, several, or no code here."""
    found = set()
    for letter in name:
        if unicodedata.category(letter)[0] in _LETTERS and unicodedata.category(letter) != "Lm":
            found.add(_SCRIPTS.get(unicodedata.name(letter, "").split(" ")[0], ""))
    return found.pop() if len(found) == 1 else ""


def slug(name: str) -> str:
    """A name as part of an id: lower-case ASCII words joined by hyphens; empty where no letter can be kept."""
    text = unicodedata.normalize("NFKD", name).casefold().translate(_SPECIAL)
    text = _QUOTES.sub("", _MARKS.sub("", text)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", text).strip("-")


def mark(*texts: str, size: int = 8) -> str:
    """The first hexadecimal digits of the SHA-256 of texts: an id's tail that no later row can change."""
    return hashlib.sha256("\x1f".join(texts).encode()).hexdigest()[:size]


def writable(name: str) -> bool:
    """Whether a cell of this repository can hold a name: NFC, no control, invisible or odd space characters."""
    odd = any(
        unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp", "Co", "Cn") or (c.isspace() and c != " ") for c in name
    )
    return (
        not odd and name == name.strip() and name == unicodedata.normalize("NFC", name) and name[:1] not in set("=+@-")
    )
