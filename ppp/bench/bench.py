"""What both benches share: a browser asks, the bench answers, and every step is done once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import RLock
from typing import Any

import anywidget

from ppp.bench.codebook import codebook_in, words_in
from ppp.errors import BadInput
from ppp.language import speak

__all__ = ["Bench"]

States = Mapping[str, dict]


class Bench(anywidget.AnyWidget):
    """A widget over one append-only file of events.

    The browser asks for *everything* (once, when a view opens), for *news*, or for a *step* with a name of its own; a
    step that is asked for again is not done again. Nothing that people wrote is a trait of the widget: traits are saved
    in notebooks.

    Parameters
    ----------
    path
        The file of events.
    language
        "en", "sv", or any other language that there is a catalogue for.
    """

    _title = ""

    def __init__(self, path: Path, language: str) -> None:
        super().__init__()
        self._path = path
        self._speaks = speak(language)
        self._found: States = {}
        self._told: States = {}
        self._size: tuple[int, int] | None = None
        self._turn = RLock()
        self.on_msg(self._heard)

    def _repr_mimebundle_(self, **asked):
        """As any widget, but with words for where no widget can be shown."""
        bundle = super()._repr_mimebundle_(**asked)
        data = bundle[0] if isinstance(bundle, tuple) else bundle
        if data is not None:
            data["text/plain"] = f"{self._title}: run this cell in JupyterLab to use it."
        return bundle

    # -- what each bench knows for itself -----------------------------------------------------------------------------

    def _data(self) -> dict:
        """What the browser gets beside words, codebook and states; what people wrote is in it."""
        raise NotImplementedError

    def _states(self) -> States:
        """What the file says now, item by item."""
        raise NotImplementedError

    def _act(self, asked: Mapping) -> Callable[[], int]:
        """What does the step."""
        raise NotImplementedError

    def _once(self, step: str, act: Callable[[], int]) -> int:
        """Do it, unless a step of that name is done."""
        raise NotImplementedError

    def _can_undo(self) -> bool:
        """Whether there is a step to take back."""
        raise NotImplementedError

    # -- what the browser asks ----------------------------------------------------------------------------------------

    def _heard(self, _widget: object, content: Mapping, _buffers: object) -> None:
        with self._turn:  # some kernels hand messages to several threads
            try:
                self._answer(content)
            except BadInput as error:
                why = " ".join(problem.what for problem in error.problems)
                self.send({"say": "refused", "id": content.get("id", ""), "why": why, "states": self._news()})

    def _answer(self, content: Mapping) -> None:
        asked = content.get("ask")
        if asked == "everything":
            self._told = self._look()
            said: dict[str, Any] = {"key": self._key, "language": self._speaks.code, "states": dict(self._told)}
            said |= {"words": words_in(self._speaks), "codebook": codebook_in(self._speaks)}
            self.send({"say": "everything", **said, **self._data()})
        elif asked == "news":
            self.send({"say": "news", "states": self._news()})
        elif asked == "step":
            before, written, undo = self._look(), 0, content.get("do") == "undo"
            if not undo or self._can_undo():
                written = self._once(str(content["id"]), self._act(content))
            changed = _changes(before, self._look())
            undone = next(iter(changed)) if undo and len(changed) == 1 else None
            said = {"id": content["id"], "written": written, "undone": undone}
            self.send({"say": "saved", **said, "states": self._news()})

    @property
    def _key(self) -> str:
        """What the browser keeps its own notes under: this file, and no other of that name."""
        return hashlib.sha256(str(self._path.resolve()).encode()).hexdigest()[:16]

    def _look(self) -> States:
        """What the file says; it is read anew only where it has changed."""
        try:
            found = self._path.stat()
            size = (found.st_size, found.st_mtime_ns)
        except FileNotFoundError:
            size = (0, 0)
        if size != self._size:
            self._found, self._size = self._states(), size
        return self._found

    def _news(self) -> dict[str, dict | None]:
        """What has changed since the browser was last told; None where an item holds nothing any more."""
        found = self._look()
        news, self._told = _changes(self._told, found), found
        return news


def _changes(before: States, after: States) -> dict[str, dict | None]:
    return {name: after.get(name) for name in {**before, **after} if before.get(name) != after.get(name)}
