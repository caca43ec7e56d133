"""Reads what the docs tests need of a Markdown page: its code blocks, tables, headings and links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

NOT_RUN = re.compile(r"<!--\s*not run:(.*?)-->")
EXIT = re.compile(r"<!--\s*exit status:\s*(\d+)\s*-->")
#: The links of an HTML tag, for which Markdown has no tokens.
HTML_LINK = re.compile(r'(?:href|src)="([^"]+)"')
CODE = re.compile(r"(`+)(.+?)\1")


@dataclass(frozen=True)
class Block:
    """One fenced code block, with what the comments right above it say."""

    page: Path
    line: int
    language: str
    text: str
    #: Why the block is not run; None when it is.
    not_run: str | None = None
    #: What the last command of the block exits with.
    exit_status: int = 0

    @property
    def where(self) -> str:
        return f"{self.page.name}:{self.line}"


@dataclass(frozen=True)
class Link:
    """A link, and the line it stands in."""

    line: int
    target: str


def blocks(page: Path) -> list[Block]:
    """Return the code blocks of *page*, from top to bottom."""
    found, above = [], ""
    for token in _tokens(page):
        if token.type == "fence":
            found.append(_block(page, token, above))
        above = above + token.content if token.type == "html_block" else ""
    return found


def headings(page: Path) -> list[str]:
    """Return the anchors that the headings of *page* make."""
    seen: dict[str, int] = {}
    anchors = []
    for before, token in pairwise(_tokens(page)):
        if before.type == "heading_open":
            anchor = _anchor("".join(child.content for child in token.children))
            times = seen[anchor] = seen.get(anchor, -1) + 1
            anchors.append(f"{anchor}-{times}" if times else anchor)
    return anchors


def links(page: Path) -> list[Link]:
    """Return every link of *page* that stands outside code, those of references last."""
    env = {}
    found = [link for token in _tokens(page, env) for link in _links(token)]
    return found + [Link(each["map"][0] + 1, each["href"]) for each in env.get("references", {}).values()]


def documented_names(page: Path, column: str) -> list[str]:
    """Return what stands as `code` in the column *column* of the tables of *page*, in order."""
    cells = [row[column] for row in tables(page) if column in row]
    if not cells:
        raise LookupError(f"{page.name} has no table with rows and a column {column!r}")
    return [found[2].strip() for cell in cells for found in CODE.finditer(cell)]


def tables(page: Path) -> list[dict[str, str]]:
    """Return the rows of all tables of *page*, each by the names of its columns."""
    rows: list[dict[str, str]] = []
    header: list[str] = []
    cells: list[str] = []
    for before, token in pairwise(_tokens(page)):
        if token.type == "tr_open":
            cells = []
        elif before.type in {"th_open", "td_open"}:
            cells.append(token.content)
        elif token.type == "thead_close":
            header = cells
        elif token.type == "tr_close" and before.type == "td_close":
            rows.append(dict(zip(header, cells, strict=True)))
    return rows


def _tokens(page: Path, env: dict | None = None) -> list[Token]:
    return MarkdownIt("commonmark").enable("table").parse(page.read_text(encoding="utf-8"), env)


def _block(page: Path, token: Token, above: str) -> Block:
    first, end = token.map
    last = page.read_text(encoding="utf-8").splitlines()[end - 1].strip()
    if end - first < 2 or last.strip(token.markup[0]) or len(last) < len(token.markup):
        raise ValueError(f"{page.name}:{first + 1}: the code block is never closed")
    reason, status = NOT_RUN.search(above), EXIT.search(above)
    return Block(
        page,
        first + 1,
        token.info.partition(" ")[0],
        token.content.removesuffix("\n"),
        not_run=reason and reason[1].strip(),
        exit_status=int(status[1]) if status else 0,
    )


def _links(token: Token) -> Iterator[Link]:
    line = token.map[0] + 1 if token.map else 0
    for child in [token] if token.type == "html_block" else token.children or ():
        line += child.type in {"softbreak", "hardbreak"}
        target = child.attrs.get("href") or child.attrs.get("src")
        if target:
            yield Link(line, target)
        elif child.type in {"html_inline", "html_block"}:
            yield from (Link(line, found) for found in HTML_LINK.findall(child.content))


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
