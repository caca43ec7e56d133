"""Reads what the docs tests need of a Markdown page: its code blocks, tables, headings and links."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from pathlib import Path

FENCE = re.compile(r"^(?P<indent> *)(?P<fence>`{3,}|~{3,}) *(?P<language>[^\s`]*)")
NOT_RUN = re.compile(r"<!--\s*not run:(.*?)-->")
EXIT = re.compile(r"<!--\s*exit status:\s*(\d+)\s*-->")
HEADING = re.compile(r"^#{1,6} +(.*?) *#*$")
LINK = re.compile(r"""\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)|^\[[^\]]+\]:\s*(\S+)|(?:href|src)="([^"]+)\"""", re.MULTILINE)
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
    return _split(page)[1]


def headings(page: Path) -> list[str]:
    """Return the anchors that the headings of *page* make."""
    seen: dict[str, int] = {}
    anchors = []
    for line in _prose(page):
        if heading := HEADING.match(line):
            anchor = _anchor(heading[1])
            times = seen[anchor] = seen.get(anchor, -1) + 1
            anchors.append(f"{anchor}-{times}" if times else anchor)
    return anchors


def links(page: Path) -> list[Link]:
    """Return every link of *page* that stands outside code."""
    return [
        Link(number, next(filter(None, found.groups())))
        for number, line in enumerate(_prose(page), 1)
        for found in LINK.finditer(CODE.sub("", line))
    ]


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
    for line in _prose(page):
        if not line.lstrip().startswith("|"):
            header = []
        elif not header:
            header = _cells(line)
        elif not set(line) <= set("|-: "):
            rows.append(dict(zip(header, _cells(line), strict=True)))
    return rows


def _prose(page: Path) -> list[str]:
    return _split(page)[0]


def _split(page: Path) -> tuple[list[str], list[Block]]:
    """Return the lines of *page*, those of code emptied and its fences bare, and the code."""
    prose: list[str] = []
    found: list[Block] = []
    fence: re.Match[str] | None = None
    code: list[str] = []
    for line in page.read_text(encoding="utf-8").splitlines():
        if fence is None:
            fence = FENCE.match(line)
            code = []
            prose.append("```" if fence else line)
            continue
        prose.append("")
        if line.strip().startswith(fence["fence"]) and not line.strip().strip(fence["fence"][0]):
            above = _comments_above(prose[: -len(code) - 2])
            found.append(_block(page, len(prose) - len(code) - 1, fence["language"], code, above))
            prose[-1], fence = "```", None
        else:
            code.append(line)
    if fence is not None:
        raise ValueError(f"{page.name}:{len(prose) - len(code)}: the code block is never closed")
    return prose, found


def _block(page: Path, line: int, language: str, code: list[str], above: str) -> Block:
    reason = NOT_RUN.search(above)
    status = EXIT.search(above)
    return Block(
        page,
        line,
        language,
        textwrap.dedent("\n".join(code)),
        not_run=reason and reason[1].strip(),
        exit_status=int(status[1]) if status else 0,
    )


def _comments_above(lines: list[str]) -> str:
    comments = []
    for line in reversed(lines):
        if line.strip() and not (line.strip().startswith("<!--") and line.strip().endswith("-->")):
            break
        comments.append(line)
    return "\n".join(comments)


def _cells(line: str) -> list[str]:
    return [cell.strip().replace(r"\|", "|") for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]


def _anchor(heading: str) -> str:
    words = re.sub(r"[^\w\- ]", "", CODE.sub(r"\2", heading).lower())
    return words.replace(" ", "-")
