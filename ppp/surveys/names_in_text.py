"""Names of persons in free text: by lists of names, and by the words that stand around a name.

A list knows the names of the many; what comes before a name (*enligt*, *min son*, *sjuksköterskan*, *thanks to*, *Dr*)
finds those that no list holds. Institutions, places and days stand in the same positions, and are known by their own
words.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

import yaml

__all__ = ["spans_of_names"]

_WORD = r"[A-ZÅÄÖÉÜ][\wåäöéü'’]*[\wåäöéü](?:-[A-ZÅÄÖÉÜ]\w+)*"
_PART = rf"(?:{_WORD}|(?:af|von|van|de|der|den|di|da|del|la|le|al)(?:[ -](?:der|den|la))?(?=[ -][A-ZÅÄÖÉÜ])[ -]{_WORD}|al-{_WORD}|[A-ZÅÄÖ]\b\.?)"
_NAME = rf"(?P<name>{_PART}(?: {_PART}){{0,3}})"
_KIN = "man|fru|hustru|make|maka|sambo|son|dotter|mamma|pappa|mor|mamman|pappan|far|bror|syster|farmor|farfar|mormor|morfar|vän|väninna|granne|husband|wife|partner|son|daughter|mother|father|mum|mom|dad|brother|sister|friend|neighbour|neighbor|grandmother|grandfather|aunt|uncle"
_JOBS_SV = "sjuksköterska|undersköterska|läkare|överläkare|underläkare|doktor|kurator|chef|avdelningschef|verksamhetschef|enhetschef|projektledare|samordnare|koordinator|ordförande|patientrepresentant|patientföreträdare|närståenderepresentant|tolk|receptionist|fysioterapeut|sjukgymnast|arbetsterapeut|barnmorska|dietist|psykolog|kontaktperson|kontaktsjuksköterska|handläggare|sekreterare|professor|volontär|ledare|rektor|diakon|präst"
_JOBS_EN = "nurse|matron|sister|doctor|physician|surgeon|consultant|manager|coordinator|co-ordinator|chair|chairman|chairwoman|chairperson|volunteer|patient partner|patient representative|representative|social worker|receptionist|physiotherapist|therapist|midwife|psychologist|professor|director|secretary|interpreter|facilitator|carer|chaplain|contact person|contact|lead"
_TITLES = "dr|doktor|doctor|prof|professor|herr|fru|fröken|syster|mr|mrs|ms|miss|mx|sir|nurse|sister|matron|consultant"
_BEFORE_SV = "enligt|tack till|tack vare|tack|hälsningar|hälsar|mvh|vänligen|undertecknat|heter|hette|kallas|kontakta|ring|ringa|mejla|fråga|frågade|pratade med|talade med|pratat med|träffade|träffat|mötte|möte med|bjöd in|bjudit in|intervjuades av|leds av|leddes av|ledd av|skrevs av|skriven av|tillsammans med|hjälp av|ihop med|ställdes till|sa|sade|säger|berättade|det var|av"
_BEFORE_EN = "according to|thanks to|thank you|thanks|thank|regards|best wishes|yours|signed|named|name is|name was|called|spoke to|spoke with|talked to|asked|ask|ask for|call|email|contact|interviewed by|led by|chaired by|drafted by|written by|run by|together with|wrote it with|came from|met|told|helped by|help from|it was|by"
_SURE = re.compile(
    rf"(?<!\w)(?:(?i:{_TITLES})\.? |(?i:min|mitt|mina|vår|våra|hans|hennes|sin|my|our|his|her|their) (?i:{_KIN}),? "
    rf"|(?i:(?:{_JOBS_SV})(?:n|en|an|na)?|{_JOBS_EN})(?: ?[,:(] ?| (?:är|is|heter|hette|was) | ))" + _NAME
)
_LIKELY = re.compile(
    rf"(?<!\w)(?i:{_BEFORE_SV}|{_BEFORE_EN})(?:[,:]? |: ?|,? \n?)"
    + _NAME
    + r"(?P<more>(?:(?:, | och | and | & )"
    + _PART
    + r"(?: "
    + _PART
    + r")?)*)"
)
_LISTED = re.compile(
    rf"(?i:referensgrupp(?:en)?|styrgrupp(?:en)?|arbetsgrupp(?:en)?|deltagare|närvarande|steering group|working group|present|members|attendees): (?P<name>{_PART}(?: {_PART})?(?:(?:, | och | and ){_PART}(?: {_PART})?)*)"
)
_INITIAL_AFTER = re.compile(rf"(?<!\w)(?P<name>{_WORD} [A-ZÅÄÖ](?![\wåäö-])\.?)")
_INITIAL_BEFORE = re.compile(rf"(?<![\w.])(?P<name>(?:[A-ZÅÄÖ]\. ?){{1,3}}{_WORD})")
_DOUBLE = re.compile(r"(?<![\w-])(?P<name>[A-ZÅÄÖÉ][a-zåäöé]+-[A-ZÅÄÖÉ][a-zåäöé]+)(?![\w-])")
_POSSESSED = re.compile(rf"(?<!\w)(?P<name>{_WORD}['’]s)(?= (?:idea|team|notes|proposal|suggestion|group|words|story))")
_LOWER = re.compile(
    rf"(?<!\w)(?i:{_TITLES}|{_KIN}|(?:{_JOBS_SV})(?:n|en|an)?|{_JOBS_EN}|{_BEFORE_SV}|{_BEFORE_EN}|till|to|with|med)[,:]? (?P<name>[a-zåäö]{{3,}}(?:-[a-zåäö]{{3,}})?)(?![\w-])"
)
_SAINTS = re.compile(r"(?:\b(?:Sankta?|S:ta?|St\.?|Saint|Lex|Drottning|Kronprinsessan|Queen|King))\s$")
_INSTITUTION = re.compile(
    r"(?:[A-ZÅÄÖ]{2,}[A-ZÅÄÖ0-9]*|.*(?:förbund|förening|råd|styrelse|nämnd|kassa|sjukhus|universitet|högskola|klinik|mottagning|avdelning|central|centrum"
    r"|verk|register|registr|region|kommun|guide|team|grupp|projekt|vård|sällskap|stiftelse|myndighet|akademi|stad|landsting|botten|land|borg|köping|stads|ing|tion"
    r"|watch|association|society|council|trust|hospital|university|college|institute|foundation|charity|network|register|registry|service|department|ward|clinic|centre|day|days)"
    r"(?:et|en|n|er|erna|s|ets|ens)?)"
)


@cache
def _lists() -> tuple[frozenset[str], frozenset[str], frozenset[str], frozenset[str]]:
    held = yaml.safe_load(files("ppp.surveys").joinpath("names.yaml").read_text(encoding="utf-8"))
    first, last = (frozenset(" ".join(held[kind].values()).casefold().split()) for kind in ("first", "last"))
    return (
        first,
        last,
        frozenset(held["not_names"].casefold().split()),
        frozenset(held["no_persons"].casefold().split()),
    )


def _known(word: str, names: frozenset[str]) -> bool:
    """A name of the list, also in the genitive, or a double name that begins with one."""
    said = word.casefold().replace("’", "'")
    return said in names or said.removesuffix("'s") in names or said.removesuffix("s") in names or said.split("-")[0] in names  # fmt: skip


def _may_be_one(words: str, *, surely: bool) -> bool:
    """Whether words in a name's place are a name: none of them says that it is an institution, a place, a day or a word."""
    no_persons = _lists()[3]
    parts = [part.strip(".,'’") for part in words.split()]
    named = [part for part in parts if len(part) > 1]
    if not named:
        return False
    if any(
        part.casefold() in no_persons or part.casefold().removesuffix("'s").removesuffix("s") in no_persons
        for part in named
    ):
        return False
    return not any(
        _INSTITUTION.fullmatch(part) and not _known(part, _lists()[0] | _lists()[1])
        for part in (named[:1] if surely else named)
    )


def spans_of_names(text: str) -> list[tuple[int, int]]:
    """Where names stand: begin and end of each, in order, none overlapping another."""
    spans = _by_lists(text)
    for pattern in (_SURE, _LIKELY, _LISTED, _INITIAL_AFTER, _INITIAL_BEFORE, _DOUBLE, _POSSESSED):
        for match in pattern.finditer(text):
            if _SAINTS.search(text[: match.start("name")]):
                continue
            for start, stop in _each(match):
                if _may_be_one(text[start:stop], surely=pattern is _SURE):
                    spans.append((start, stop))
    first = _lists()[0]
    spans += [
        match.span("name")
        for match in _LOWER.finditer(text)
        if match["name"].split("-")[0] in first and match["name"].casefold() not in _lists()[3]
    ]
    joined: list[list[int]] = []
    for start, stop in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1][1] = max(joined[-1][1], stop)
        else:
            joined.append([start, stop])
    return [(start, stop) for start, stop in joined]


def _each(match: re.Match) -> list[tuple[int, int]]:
    """The names of a match: one, or several in a row."""
    found = []
    for group in ("name", "more"):
        if group not in match.groupdict() or not match[group]:
            continue
        at = match.start(group)
        found += [(at + one.start(), at + one.end()) for one in re.finditer(rf"{_PART}(?: {_PART})*", match[group])]
    return found


def _by_lists(text: str) -> list[tuple[int, int]]:
    first, last, others, _ = _lists()
    spans: list[tuple[int, int]] = []
    words = list(re.finditer(rf"(?<![\w\[]){_WORD}|(?<!\w)[A-ZÅÄÖ]\.", text))
    at = 0
    while at < len(words):
        word, end = words[at], at
        is_first = _known(word[0], first) and word[0].casefold() not in others
        is_surname = _known(word[0], last) and word[0].casefold() not in others
        if (is_first or is_surname or word[0][1:] == ".") and not _SAINTS.search(text[: word.start()]):
            # What follows with a capital belongs to the name: a surname that no list holds, a second first name.
            while end + 1 < len(words) and end - at < 3 and text[words[end].end() : words[end + 1].start()] == " ":
                end += 1
            has_surname = end > at and _known(words[end][0], last)
            is_alone = end == at
            begins = not text[: word.start()].strip() or text[: word.start()].rstrip()[-1:] in ".!?:\n"
            if is_first or has_surname or (is_surname and is_alone and not begins):
                spans.append((word.start(), words[end].end()))
        at = end + 1
    return spans
