"""A real browser that watches what a page does. Without an installed Chrome, Chromium or Edge these tests are skipped."""

from contextlib import contextmanager
from pathlib import Path

import pytest


class Opened:
    """A page, and all that it did which a finished report must not do."""

    def __init__(self, context, path: Path, *, hash: str = "") -> None:
        self.faults: list[str] = []
        self.own = path.resolve().as_uri()
        context.route("**/*", self._route)
        self.page = context.new_page()
        self.page.on("console", lambda message: self._note(message.type == "error", f"console: {message.text}"))
        self.page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        self.page.on("dialog", self._dialog)
        self.page.on("popup", lambda popup: self.faults.append(f"popup: {popup.url}"))
        self.page.goto(self.own + hash)

    def _route(self, route) -> None:
        url = route.request.url
        if url.split("#")[0].split("?")[0] == self.own:
            route.continue_()
        else:
            self.faults.append(f"request: {url[:200]}")
            route.abort()

    def _dialog(self, dialog) -> None:
        self.faults.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _note(self, is_fault: bool, text: str) -> None:
        if is_fault:
            self.faults.append(text)

    def sideways(self) -> list[str]:
        """What reaches beyond the window's edge, unless it scrolls in a box of its own or is for screen readers only."""
        return self.page.evaluate(_SIDEWAYS)


_SIDEWAYS = """() => {
  const wide = document.documentElement.clientWidth, found = [];
  if (document.documentElement.scrollWidth > wide) found.push(`page ${document.documentElement.scrollWidth} > ${wide}`);
  for (const element of document.body.querySelectorAll('*')) {
    if (element.closest('.scroll, .unseen, .skip, svg')) continue;
    const box = element.getBoundingClientRect();
    if (box.width > 1 && box.right > wide + 1) found.push(`<${element.tagName.toLowerCase()} class="${element.className}"> ${Math.round(box.right)} > ${wide}`);
  }
  return found.slice(0, 5);
}"""


@pytest.fixture(scope="module")
def opening(chromium):
    """``with opening(path, width=…) as opened:`` opens a file as a reader does; whatever it should not do is a failure."""

    @contextmanager
    def opening(path, *, width=1280, height=900, hash="", may_fault=False, **options):
        context = chromium.new_context(viewport={"width": width, "height": height}, **options)
        try:
            opened = Opened(context, Path(path), hash=hash)
            yield opened
            assert may_fault or not opened.faults, f"{path}: {opened.faults}"
        finally:
            context.close()

    return opening
