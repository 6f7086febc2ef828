"""The pages for people: links lead somewhere, and every command that they name exists."""

import re
import tomllib

import click
import pytest
import yaml

import ppp
from ppp.cli import main

FENCE = re.compile(r"```.*?```", re.DOTALL)


def pages(root):
    return sorted(
        [*root.glob("*.md"), *(root / "docs").glob("*.md"), *root.glob("data/*.md"), *root.glob("reports/*.md")]
    )


def anchors(text):
    """What GitHub makes of headings."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-") for heading in headings}


def test_links_between_pages_lead_somewhere(root):
    broken = []
    for page in pages(root):
        text = FENCE.sub("", page.read_text(encoding="utf-8"))
        for target in re.findall(r"\]\((?!https?:|mailto:)([^)\s]+)\)", text):
            file, _, anchor = target.partition("#")
            path = (page.parent / file).resolve() if file else page
            if not path.exists() or (anchor and anchor not in anchors(path.read_text(encoding="utf-8"))):
                broken.append(f"{page.name}: {target}")
    assert not broken


@pytest.mark.parametrize(
    "page",
    ["README.md", "CONTRIBUTING.md", *(f"docs/{name}" for name in ("surveys.md", "coding.md", "coding-together.md"))],
)
def test_every_ppp_command_that_a_page_names_exists_with_its_options(root, page):
    text = (root / page).read_text(encoding="utf-8")
    context = click.Context(main)
    told = re.findall(r"(?:^|`|uv run )ppp ([a-z]+)((?:[^`\n#]|\\\n)*)", text, re.MULTILINE)
    assert told
    for name, rest in told:
        command = main.get_command(context, name)
        assert command is not None, f"{page} names `ppp {name}`"
        known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
        for option in re.findall(r"(?<![\w-])--?[a-z][a-z-]*", rest):
            assert option in known | {"--help"}, f"{page} names `ppp {name} {option}`"


def test_the_version_is_the_same_everywhere(root):
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    citation = yaml.safe_load((root / "CITATION.cff").read_text(encoding="utf-8"))
    newest = re.search(r"^## (\S+)", (root / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)[1]
    assert {project["version"], citation["version"], newest} == {ppp.__version__}
