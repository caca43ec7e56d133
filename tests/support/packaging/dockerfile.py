"""Carries out a Dockerfile without Docker: one folder stands for the file system, and every RUN step really runs.

What that cannot show is the base image itself: its own Python, its C library, its users.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

#: Absolute paths of the image, and not of the machine's own programs and devices, nor of URLs.
OWN_PATH = re.compile(r"(?<![\w./:@$}-])/(?!(?:bin|dev|proc|usr)/)(?=\w)")


@dataclass(frozen=True)
class Instruction:
    """One instruction, on one line."""

    name: str
    text: str

    @property
    def words(self) -> list[str]:
        """The arguments, in either form."""
        return json.loads(self.text) if self.text.startswith("[") else shlex.split(self.text)


@dataclass
class Image:
    """What a stage has left: its file system under `root`, and its settings."""

    root: Path
    settings: dict[str, Instruction] = field(default_factory=dict)
    env: dict[str, str] = field(default_factory=dict)

    def run(self, *command: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run a command that the image holds, with the image's variables."""
        env = machine() | self.env | more
        program = shutil.which(command[0], path=self.env["PATH"])
        assert program, f"{command[0]} is not in the image"
        return subprocess.run(
            [program, *command[1:]], cwd=self.root, env=env, capture_output=True, text=True, check=False
        )


def instructions(dockerfile: Path) -> list[Instruction]:
    """Read a Dockerfile; comments and line ends in an instruction are dropped."""
    lines = [line for line in dockerfile.read_text().splitlines() if not line.lstrip().startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ")
    return [Instruction(*line.strip().split(maxsplit=1)) for line in joined.splitlines() if line.strip()]


def build(dockerfile: Path, scratch: Path) -> Image:
    """Carry out every stage and return the last one.

    Each stage has the same root, so that what one stage made under a path still works when the next copies it there;
    the roots of stages that are done are put aside.
    """
    root = scratch / "root"
    finished: dict[str, Path] = {}
    image = Image(root)
    stage = ""
    for step in instructions(dockerfile):
        match step.name:
            case "FROM":
                if stage:
                    finished[stage] = root.rename(scratch / f"stage-{stage}")
                root.mkdir()
                image = Image(root)
                stage = step.words[2] if len(step.words) > 1 else "last"
            case "ENV":
                pairs = (word.split("=", 1) for word in step.words)
                image.env |= {name: _inside(root, value).replace(":$PATH", "") for name, value in pairs}
            case "COPY":
                _copy(step, image, finished, dockerfile.parent)
            case "RUN":
                subprocess.run(["sh", "-ec", _inside(root, step.text)], cwd=_cwd(image), env=machine(), check=True)
            case _:
                image.settings[step.name] = step
    return image


def copied(dockerfile: Path) -> list[str]:
    """Return what the Dockerfile copies from the build context."""
    steps = [step.words for step in instructions(dockerfile) if step.name == "COPY"]
    return [source for words in steps if not words[0].startswith("--from") for source in words[:-1]]


class Ignored:
    """The rules of a .dockerignore; the last that fits a path, or a folder above it, decides."""

    def __init__(self, dockerignore: Path) -> None:
        lines = (line.strip() for line in dockerignore.read_text().splitlines())
        self._rules = [
            (re.compile(_pattern(line.removeprefix("!"))), not line.startswith("!"))
            for line in lines
            if line and not line.startswith("#")
        ]

    def __contains__(self, path: str) -> bool:
        parts = path.strip("/").split("/")
        above = ["/".join(parts[:length]) for length in range(1, len(parts) + 1)]
        decided = [ignored for rule, ignored in self._rules if any(rule.fullmatch(part) for part in above)]
        return bool(decided) and decided[-1]


def machine() -> dict[str, str]:
    """Return this machine's variables, with the Python of these tests in the place of the base image's."""
    mine = ("MOCKSERVER_", "PYTHON", "VIRTUAL_ENV")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**{name: value for name, value in os.environ.items() if not name.startswith(mine)}, "PATH": path}


def _copy(step: Instruction, image: Image, finished: dict[str, Path], context: Path) -> None:
    *sources, target = [word for word in step.words if not word.startswith("--")]
    stage = step.words[0].removeprefix("--from=")
    origin, ignored = (finished[stage], None) if stage in finished else (context, Ignored(context / ".dockerignore"))
    into = image.root / target.strip("/") if target.startswith("/") else _cwd(image) / target
    for source in sources:
        path = origin / source.strip("/")
        if path.is_dir():
            shutil.copytree(path, into, symlinks=True, dirs_exist_ok=True, ignore=_ignore(context, ignored))
        else:
            # A path that ends in a slash names the folder, any other the copy itself.
            copy = into / path.name if target.endswith("/") else into
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, copy)


def _ignore(context: Path, ignored: Ignored | None):
    def names(folder: str, entries: list[str]) -> Iterator[str]:
        inside = Path(folder).relative_to(context)
        return [name for name in entries if str(inside / name) in ignored]

    return names if ignored else None


def _cwd(image: Image) -> Path:
    step = image.settings.get("WORKDIR", Instruction("WORKDIR", "/"))
    folder = image.root / step.text.strip("/")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _inside(root: Path, text: str) -> str:
    return OWN_PATH.sub(f"{root}/", text)


def _pattern(rule: str) -> str:
    """Translate a pattern of .dockerignore into a regular expression."""
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", rule.strip("/"))
    meanings = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return "".join(meanings.get(part, re.escape(part)) for part in parts)
