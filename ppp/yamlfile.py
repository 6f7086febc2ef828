"""YAML that people write by hand: read as text, checked against a model, every fault with its line.

All scalars are read as text and only the model turns them into numbers or booleans. So an organization called ``no``,
a code ``007`` or a wave ``2026`` stays what was written; YAML's own guesses would change all three.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from ppp.errors import BadInput, Problem, did_you_mean

__all__ = ["read"]

Model = TypeVar("Model", bound=BaseModel)

_MAX_BYTES = 4_000_000
_MAX_NODES = 200_000  # a few aliases can unfold into billions of nodes; no study needs this many


def read(path: str | Path, model: type[Model], *, name: str | None = None, newest: int | None = None) -> Model:
    """The file's content as an instance of `model`.

    Parameters
    ----------
    path
        The YAML file, UTF-8.
    model
        A pydantic model. Unknown keys are an error where the model forbids them.
    name
        What to call the file in messages; the path where left out.
    newest
        The highest ``format`` that this version of the program knows. A file with a higher one is refused for that alone:
        what else it says may mean something that is not known here.

    Raises
    ------
    BadInput
        With one `Problem` for each fault: no such file, not UTF-8, not YAML, a key given twice, or a value that the
        model does not take, each with its line.
    """
    path = Path(path)
    name = name or str(path)
    text = _text(path, name)
    loader = yaml.CSafeLoader(text)
    try:
        root = loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise BadInput(
            Problem(
                f"This is not valid YAML ({error.problem or 'syntax'}).",
                file=name,
                row=mark.line + 1 if mark else None,
                mend="Look at the indentation, the colons and the quotes on this line and the one above.",
            )
        ) from None
    except yaml.YAMLError:
        raise BadInput(
            Problem("This file holds characters that YAML does not allow.", file=name, mend="Save it as UTF-8 text.")
        ) from None
    finally:
        loader.dispose()
    if root is None:
        raise BadInput(Problem("The file is empty.", file=name, mend="See `ppp new --help` for one to start from."))
    lines: dict[tuple, int] = {}
    faults: list[Problem] = []
    value = _plain(root, (), lines, faults, name)
    if newest is not None and isinstance(value, dict):
        made = str(value.get("format", ""))
        if re.fullmatch(r"\d{1,9}", made) and int(made) > newest:
            what = f"A newer version of ppp made this: format {int(made)}, and this version knows {newest}."
            mend = "Update ppp; nothing was read or changed."
            raise BadInput(Problem(what, file=name, row=lines["format",], column="format", mend=mend))
    if faults:
        raise BadInput(faults)
    try:
        return model.model_validate(value)
    except ValidationError as error:
        raise BadInput(_problems(error, model, lines, name)) from None


def _text(path: Path, name: str) -> str:
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise BadInput(Problem("The file is far too large for a file of settings.", file=name))
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise BadInput(Problem("There is no such file.", file=name, mend="Check the folder and the name.")) from None
    except (IsADirectoryError, NotADirectoryError, PermissionError) as error:
        raise BadInput(Problem(f"The file cannot be opened ({error.strerror}).", file=name)) from None
    except UnicodeDecodeError as error:
        row = error.object[: error.start].count(b"\n") + 1
        raise BadInput(Problem("The file is not UTF-8.", file=name, row=row, mend="Save it as UTF-8.")) from None


def _plain(node: yaml.Node, at: tuple, lines: dict, faults: list[Problem], name: str) -> Any:
    """The node as dicts, lists and text; notes the line of every key, and keys given twice."""
    if len(lines) > _MAX_NODES:
        raise BadInput(
            Problem("The file unfolds into far too many values.", file=name, mend="Remove the YAML aliases.")
        )
    lines[at] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        mapping: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                faults.append(Problem("A key must be a word.", file=name, row=key_node.start_mark.line + 1))
                continue
            key = key_node.value
            if key in mapping:
                where = ".".join(map(str, (*at, key)))
                faults.append(
                    Problem(
                        "This key is given twice.",
                        file=name,
                        row=key_node.start_mark.line + 1,
                        column=where,
                        mend="Keep one of them.",
                    )
                )
            value = _plain(value_node, (*at, key), lines, faults, name)
            lines[(*at, key)] = key_node.start_mark.line + 1
            if value is not None:
                mapping[key] = value
        return mapping
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*at, index), lines, faults, name) for index, item in enumerate(node.value)]
    if node.style is None and node.value in ("", "~", "null"):
        return None
    return node.value


def _problems(error: ValidationError, model: type[BaseModel], lines: dict, name: str) -> list[Problem]:
    problems: dict[tuple, Problem] = {}
    for fault in error.errors(include_input=False, include_url=False):
        # Pydantic adds the names of union members and validators to the place; only what is in the file counts.
        at = tuple(part for part in fault["loc"] if part != "[key]")
        while at and at not in lines and fault["type"] != "missing":
            at = at[:-1]
        known_at = at if at in lines else _nearest(at, lines)
        what, mend = _say(fault, model)
        problems.setdefault(
            (known_at, what),
            Problem(what, file=name, row=lines.get(known_at), column=".".join(map(str, at)), mend=mend),
        )
    return sorted(problems.values(), key=lambda problem: problem.row or 0)


def _nearest(at: tuple, lines: dict) -> tuple:
    while at and at not in lines:
        at = at[:-1]
    return at


def _say(fault: Mapping[str, Any], model: type[BaseModel]) -> tuple[str, str]:
    """A fault in plain words, with what to do. Never quotes the value that was given."""
    kind, context = fault["type"], fault.get("ctx", {})
    key = str(fault["loc"][-1]) if fault["loc"] else ""
    if kind == "missing":
        return f"“{key}” is missing.", f"Add “{key}:” here."
    if kind == "extra_forbidden":
        return f"“{key}” is not a known key.", did_you_mean(key, _keys_at(model, fault["loc"][:-1]))
    if kind in ("value_error", "assertion_error"):
        said = context.get("error")
        if isinstance(said, (ValueError, AssertionError)) and said.args:
            what, _, mend = str(said.args[0]).partition(" → ")
            return what, mend or "Correct it here."
    if kind in ("literal_error", "enum"):
        return "This value is not one of those allowed here.", f"Allowed: {context.get('expected', '')}."
    if kind in ("greater_than_equal", "less_than_equal"):
        bound, word = (context.get("ge"), "or more") if kind[0] == "g" else (context.get("le"), "or less")
        return "This number is out of bounds.", f"Write {bound} {word}."
    if kind.startswith(("int_", "float_")):
        return "A number is expected here.", "Write it in digits, with a point before decimals."
    if kind.startswith("bool_"):
        return "A yes or a no is expected here.", "Write true or false."
    if kind in ("list_type", "tuple_type"):
        return "A list is expected here.", "Write each item on a line of its own that begins with a hyphen."
    if kind in ("dict_type", "model_type", "model_attributes_type"):
        return "Keys with values are expected here.", "Write `key: value` on indented lines."
    if kind == "string_type":
        return "One text is expected here.", "Put it on one line, in quotes where it holds a colon."
    return fault["msg"] + ".", "Correct the value; see the comments in the study.yaml that `ppp new` makes."


def _keys_at(model: Any, at: tuple) -> list[str]:
    """The keys that the model knows at that place, found by walking its annotations."""
    from typing import get_args

    current: list[Any] = [model]
    for part in at:
        following: list[Any] = []
        for item in current:
            if isinstance(item, type) and issubclass(item, BaseModel):
                if isinstance(part, str) and part in item.model_fields:
                    following.append(item.model_fields[part].annotation)
                else:
                    following.append(item)
            else:
                following.append(item)
        current = [leaf for item in following for leaf in _models_in(item, get_args)]
    return [name for item in current if hasattr(item, "model_fields") for name in item.model_fields]


def _models_in(annotation: Any, get_args: Any) -> list[Any]:
    if isinstance(annotation, type) and not get_args(annotation):
        return [annotation] if issubclass(annotation, BaseModel) else []
    return [leaf for argument in get_args(annotation) for leaf in _models_in(argument, get_args)]
