"""A folder in which each generator makes its client of both documents, and what is needed to run them there."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.spec.installed import TOOLS, npm_programs, python_programs
from tests.support.programs import needs_program
from tests.support.serving.running import CHECKOUT

HERE = Path(__file__).parent
DOCUMENTS = {"openapi": CHECKOUT / "openapi.yaml", "admin": CHECKOUT / "mockserver" / "web" / "admin" / "admin.yaml"}
#: No generator and no program takes longer, in seconds, however busy the machine is.
PATIENCE = 300


class Workshop:
    """Makes each thing once, when it is first asked for; what could not be made says why."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(HERE / "programs", folder / "programs")
        for path in (HERE / "settings").iterdir():
            shutil.copy(path, folder)
        for name, path in DOCUMENTS.items():
            shutil.copy(path, folder / f"{name}.yaml")
            (folder / name).mkdir()
        self._made: dict[str, str] = {}

    def make(self, generator: str) -> None:
        """Let *generator* make its clients; fails with what it said."""
        if generator not in self._made:
            self._made[generator] = self._complaint(COMMANDS[generator](self))
        assert not self._made[generator], self._made[generator]

    @cached_property
    def node_programs(self) -> Path:
        """The programs that npm brings, with their packages within reach of what is generated here."""
        programs = npm_programs()
        (self.folder / "node_modules").symlink_to(TOOLS / "node_modules")
        return programs

    @cached_property
    def python_programs(self) -> Path:
        """The programs that pip brings."""
        return python_programs()

    @cached_property
    def scripts(self) -> Path:
        """Everything in TypeScript, checked and translated; fails with what the compiler said."""
        for generator in TYPESCRIPT:
            self.make(generator)
        complaint = self._complaint([[self.node_programs / "tsc", "--project", "tsconfig.json"]])
        assert not complaint, complaint
        return self.folder / "js" / "programs"

    def python(self, *arguments: str) -> None:
        """Run the interpreter that the generated packages are for; fails with what it said."""
        done = self._run([self.python_programs / "python", *arguments])
        assert done.returncode == 0, done.stderr

    def told_by(self, program: str, orders: Mapping[str, Any]) -> Any:
        """Run a program of `programs/` on its generated client, and return what it tells."""
        if program.endswith(".ts"):
            command = ["node", self.scripts / program.replace(".ts", ".js")]
        else:
            self.make(program.removesuffix(".py"))
            command = [self.python_programs / "python", self.folder / "programs" / program]
        done = self._run([*command, json.dumps(orders)])
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def _complaint(self, commands: Sequence[Sequence[object]]) -> str:
        done = [self._run(command) for command in commands]
        return "\n".join(each.stdout + each.stderr for each in done if each.returncode)

    def _run(self, command: Sequence[object]) -> subprocess.CompletedProcess[str]:
        environment = {
            **os.environ,
            "PATH": f"{TOOLS / 'venv' / 'bin'}:{os.environ['PATH']}",
            "PYTHONPATH": ":".join(
                str(self.folder / name / more) for name in DOCUMENTS for more in ("", f"python_{name}")
            ),
        }
        return subprocess.run(
            list(map(str, command)), cwd=self.folder, env=environment, capture_output=True, text=True, check=False,
            timeout=PATIENCE,
        )  # fmt: skip


def _openapi_generator(workshop: Workshop) -> list[list[object]]:
    needs_program("java", debian_package="default-jre-headless")
    settings = []
    for document in DOCUMENTS:
        package = {"packageName": f"openapi_generator_{document}"}
        for name, into, more in (
            ("python", f"python_{document}", package),
            ("typescript-fetch", "typescript_fetch", {}),
        ):
            path = workshop.folder / document / f"{into}.json"
            wanted = {
                "generatorName": name,
                "inputSpec": str(workshop.folder / f"{document}.yaml"),
                "outputDir": str(workshop.folder / document / into),
                "additionalProperties": more,
            }
            path.write_text(json.dumps(wanted), encoding="utf-8")
            settings.append(path)
    return [[workshop.python_programs / "openapi-generator-cli", "batch", "--fail-fast", "--threads", "2", *settings]]


def _openapi_python_client(workshop: Workshop) -> list[list[object]]:
    program = workshop.python_programs / "openapi-python-client"
    settings = ["--meta", "none", "--config", "openapi_python_client.yaml"]
    # It warns of the admin API's scenarios in YAML, leaves that form out, and makes the rest.
    strict = {"openapi": ["--fail-on-warning"], "admin": []}
    return [
        [program, "generate", "--path", f"{n}.yaml", "--output-path", f"{n}/python_client_{n}", *settings, *strict[n]]
        for n in DOCUMENTS
    ]


def _datamodel_code_generator(workshop: Workshop) -> list[list[object]]:
    program = workshop.python_programs / "datamodel-codegen"
    settings = ["--input-file-type", "openapi", "--output-model-type", "pydantic_v2.BaseModel"]
    settings += ["--formatters", "builtin"]
    return [[program, "--input", f"{n}.yaml", "--output", f"{n}/models_{n}.py", *settings] for n in DOCUMENTS]


def _openapi_typescript(workshop: Workshop) -> list[list[object]]:
    program = workshop.node_programs / "openapi-typescript"
    return [[program, f"{name}.yaml", "--output", f"{name}/types.ts"] for name in DOCUMENTS]


def _hey_api(workshop: Workshop) -> list[list[object]]:
    program = workshop.node_programs / "openapi-ts"
    return [[program, "--input", f"{name}.yaml", "--output", f"{name}/hey_api"] for name in DOCUMENTS]


def _orval(workshop: Workshop) -> list[list[object]]:
    return [[workshop.node_programs / "orval", "--config", "orval.config.mjs"]]


COMMANDS = {
    "openapi_generator": _openapi_generator,
    "openapi_python_client": _openapi_python_client,
    "datamodel_code_generator": _datamodel_code_generator,
    "openapi_typescript": _openapi_typescript,
    "hey_api": _hey_api,
    "orval": _orval,
}
TYPESCRIPT = ("openapi_generator", "openapi_typescript", "hey_api", "orval")
