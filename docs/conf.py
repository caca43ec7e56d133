"""Makes a site of the pages, for `make docs`; the pages know nothing of it, and read the same elsewhere."""

import re
from pathlib import Path

from sphinx.application import Sphinx

project = "mockserver"
html_title = "mockserver"
root_doc = "docs/index"
include_patterns = ["*.md", "docs/**.md"]
extensions = ["myst_parser"]
myst_heading_anchors = 6
# An example may leave something out with `...`, which is not the language that it is written in.
suppress_warnings = ["misc.highlighting_failure"]

html_theme = "furo"
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
html_theme_options = {
    # The machine's own fonts: the site needs nothing from elsewhere.
    "light_css_variables": {"font-stack": "system-ui, sans-serif", "font-stack--monospace": "ui-monospace, monospace"}
}

_CHAPTER = re.compile(r"^## (?P<title>.+)$", re.MULTILINE)
_PAGE = re.compile(r"^[-|].*?\]\((?P<page>[^):#]+)\.md\)", re.MULTILINE)


def setup(app: Sphinx) -> None:
    """Take part in the build."""
    app.connect("source-read", _list_chapters)
    app.connect("build-finished", _lead_to_index)


def _list_chapters(_app: Sphinx, name: str, source: list[str]) -> None:
    """Give the site the order of the index: a chapter for each heading, with the pages that are listed below it."""
    if name != root_doc:
        return
    _, *parts = _CHAPTER.split(source[0])
    for title, text in zip(parts[::2], parts[1::2], strict=True):
        pages = "\n".join(_PAGE.findall(text))
        source[0] += f"\n```{{toctree}}\n:hidden:\n:caption: {title}\n\n{pages}\n```\n"


def _lead_to_index(app: Sphinx, _exception: Exception | None) -> None:
    target = f"{root_doc}.html"
    page = f'<!doctype html><title>{project}</title><meta http-equiv="refresh" content="0; url={target}">'
    Path(app.outdir, "index.html").write_text(f'{page}<a href="{target}">{project}</a>\n', encoding="utf-8")
