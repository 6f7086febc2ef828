"""Make the small study that `tests/trust` reports on: run with the version of ppp that it shall be a study of.

    git worktree add /tmp/before TAG
    PYTHONPATH=/tmp/before python tests/trust/make_study.py tests/trust/made_earlier

Three organizations, two waves, people who answered twice, ratings, two coders who differ, something settled, a quote that
was approved, and texts that are hard on a file of lines: quotes, line breaks, formulas, backslashes.
"""

import sys
from pathlib import Path

import yaml

PLACES = {"Mötet med vården": "direct_care", "Kliniken": "clinic", "Hela organisationen": "organization"}
PHASES = {"Från början": "design", "När det planerades": "plan", "När det gjordes": "implement", "Efteråt": "evaluate"}
SCALE = ["Inte alls", "Lite", "Ganska mycket", "Helt"]
QUESTIONS = {"numbers": "Lika många", "compensation": "Ersättning", "preparation": "Förberedelse"}
HARD_MEMO = '=1+1; "så", sade hon\noch\\n mer'
TEXTS = [
    ("Patientråd", "Två patienter och två medarbetare planerar mötena tillsammans."),
    ("Ny broschyr", 'Patienter läste och ändrade texten; "bättre nu".'),
    ("Utbildning", "Patienter höll en utbildning för personalen, utan ersättning."),
    ("=SUM(A1)", "Vi frågade patienterna efteråt vad de tyckte."),
]
SETTINGS = {
    "title": {"sv": "Liten studie", "en": "Small study"},
    "languages": ["sv", "en"],
    "waves": [{"id": "2025"}, {"id": "2026", "label": {"sv": "Hösten 2026", "en": "Autumn 2026"}}],
    "groups": [{"id": "hospitals", "name": {"sv": "Sjukhus", "en": "Hospitals"}}],
    "organizations": [
        {"id": "norra", "name": {"sv": "Norra", "en": "North"}, "group": "hospitals", "aliases": ["Norra sjukhuset"]},
        {"id": "sodra", "name": {"sv": "Södra", "en": "South"}, "group": "hospitals"},
        {"id": "ostra", "name": {"sv": "Östra", "en": "East"}, "group": "hospitals"},
    ],
    "exports": [{"file": f"answers_{wave}.csv", "wave": wave, "mapping": "form"} for wave in ("2025", "2026")],
    "mappings": {
        "form": {
            "response_id": "ID",
            "organization": "Organisation",
            "role": "Roll",
            "language": {"constant": "sv"},
            "ratings": {
                "scale": SCALE,
                "missing": {"Vet inte": "dont_know"},
                "items": {leaf: [question] for leaf, question in QUESTIONS.items()},
            },
            "activities": {
                "blocks": 1,
                "title": "Namn {n}",
                "description": "Beskrivning {n}",
                "initiated_by": {
                    "column": "Vem började {n}",
                    "values": {"Patienter": "patients", "Medarbetare": "professionals"},
                },
                "patients_n": "Patienter {n}",
                "professionals_n": "Medarbetare {n}",
                "place": {"column": "Nivå {n}", "values": PLACES},
                "phase_began": {"column": "Fas {n}", "values": PHASES},
                "compensated": "Betalt {n}",
            },
        }
    },
    "coders": ["anna", "bo"],
    "coding": {"overlap": 1},
}
HEADINGS = (
    "ID", "Organisation", "Roll", *QUESTIONS.values(), "Namn 1", "Beskrivning 1", "Vem började 1", "Patienter 1",
    "Medarbetare 1", "Nivå 1", "Fas 1", "Betalt 1",
)  # fmt: skip


def rows(wave: int) -> list[tuple]:
    """Twelve people of each organization; the same people in both waves."""
    found = []
    for at, organization in enumerate(["Norra sjukhuset", "Södra", "Östra"]):
        for n in range(12):
            title, text = TEXTS[(n + at) % 4] if n < 8 else ("", "")
            known = n < 8
            found.append((
                f"{at}{n:02}", organization, "Patient" if n % 2 else "Medarbetare",
                *([*SCALE, "Vet inte"][(n * (leaf + 1) + at + wave) % 5] for leaf in range(3)),
                title, text, ("Patienter", "Medarbetare")[n % 2] if known else "", 1 + n % 3 if known else "",
                2 if known else "", list(PLACES)[(n + wave) % 3] if known else "",
                list(PHASES)[(n + at) % 4] if known else "", ("Ja", "Nej")[n % 2] if known else "",
            ))  # fmt: skip
    return found


def quoted(row: tuple) -> str:
    return ";".join('"' + str(cell).replace('"', '""') + '"' for cell in row)


def make(folder: Path) -> None:
    """Write the study, code it, settle, and prepare it."""
    from ppp.coding.settle import Decision, settle
    from ppp.study import open_study, prepare

    (folder / "exports").mkdir(parents=True)
    (folder / "study.yaml").write_text(yaml.safe_dump(SETTINGS, allow_unicode=True, sort_keys=False), encoding="utf-8")
    for at, wave in enumerate(("2025", "2026")):
        lines = [quoted(HEADINGS), *map(quoted, rows(at))]
        (folder / "exports" / f"answers_{wave}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    study = open_study(folder)
    ids = study.activities()["activity_id"].tolist()
    for coder, other in (("anna", 0), ("bo", 1)):
        desk = study.desk(coder)
        for at, activity in enumerate(ids[:10]):
            place = list(PLACES.values())[(at + (other if at < 3 else 0)) % 3]
            desk.code(
                activity, place=place, phase_began=list(PHASES.values())[at % 4], phases=["design", "evaluate"],
                parity={"numbers": "supports"} if at % 2 else {"compensation": "barrier"}, confidence=0.75,
                evidence={place: (0, 6)}, memo=HARD_MEMO if at == 1 else "", done=at < 9,
            )  # fmt: skip
    settle(folder / "codings", "anna-bo", [Decision(ids[0], "place", (("clinic", None),), kind="true_edge", why=HARD_MEMO)],
           known=study.activities()["activity_id"])  # fmt: skip
    quote = (
        f'activity_id,quote,approved_by,approved_at\n{ids[1]},"Patienter läste och ändrade texten",Anna,2026-01-02\n'
    )
    (folder / "quotes.csv").write_text(quote, encoding="utf-8")
    prepare(open_study(folder))


if __name__ == "__main__":
    make(Path(sys.argv[1]))
