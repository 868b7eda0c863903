"""The client of the model: a prompt goes out, file operations come back as NDJSON."""

from __future__ import annotations

import json
import logging
import time
from dataclasses import dataclass
from typing import Any, Protocol

from autopack.repair_helpers import repair_json, save_repair_debug

logger = logging.getLogger(__name__)

THINKING_SECONDS = 0.05
PLAN_STEPS = ("read the project", "write the greeting", "test the greeting", "write the change log")


@dataclass(frozen=True)
class Operation:
    """One file that the model wants to write."""

    path: str
    content: str


class Transport(Protocol):
    """Whatever carries a prompt to a model and its answer back."""

    def complete(self, phase_id: str, prompt: str, attempt: int) -> str:
        """Return the answer, one JSON object a line; `attempt` starts at 1."""


class OfflineTransport:
    """A scripted model, so that the example needs neither a network nor a key.

    It has the habits of real ones: it takes its time, the build phase is cut off in the middle of
    a line, and the verify phase forgets the change log at the first attempt.
    """

    def complete(self, phase_id: str, prompt: str, attempt: int) -> str:
        """Return the scripted answer of a phase."""
        time.sleep(THINKING_SECONDS)
        if phase_id == "plan":
            plan = "".join(f"{n}. First {step}, then look at it.\n" for n, step in steps())
            return ndjson(Operation("PLAN.md", f"# Plan\n\n{plan}"))
        if phase_id == "build":
            module = 'def greet(name: str) -> str:\n    return f"Hello, {name}!"\n'
            test = 'from greeting import greet\n\nassert greet("you") == "Hello, you!"\n'
            answer = ndjson(Operation("greeting.py", module), Operation("check_greeting.py", test))
            return answer[: -len('"}')]
        report = Operation("REPORT.md", "# Report\n\nThe greeting works as planned.\n")
        if attempt == 1:
            return ndjson(report)
        return ndjson(report, Operation("CHANGELOG.md", "# Changes\n\n- a greeting\n"))


class AnthropicClient:
    """Asks the model on behalf of one run."""

    def __init__(self, run_id: str, transport: Transport) -> None:
        self.run_id = run_id
        self.transport = transport

    def operations(self, phase_id: str, prompt: str, attempt: int) -> list[Operation]:
        """Return the operations of an answer; lines that were cut off are repaired.

        Raises json.JSONDecodeError for a line that cannot be repaired.
        """
        answer = self.transport.complete(phase_id, prompt, attempt)
        records = [self._record(phase_id, attempt, line) for line in answer.splitlines()]
        return [Operation(record["path"], record["content"]) for record in records]

    def _record(self, phase_id: str, attempt: int, line: str) -> Any:
        try:
            return json.loads(line)
        except json.JSONDecodeError as error:
            self._log_ndjson_failure(phase_id, attempt, line, error)
            repaired = repair_json(line)
            save_repair_debug(self.run_id, phase_id, line, repaired)
            return json.loads(repaired)

    def _log_ndjson_failure(
        self, phase_id: str, attempt: int, line: str, error: json.JSONDecodeError
    ) -> None:
        """Keep the line that did not parse, one file for each attempt."""
        from pathlib import Path as _Path

        out_dir = _Path(".autonomous_runs") / "autopack" / "ndjson_failures"
        out_dir.mkdir(parents=True, exist_ok=True)
        record = {"error": error.msg, "column": error.colno, "line": line}
        out_file = out_dir / f"{self.run_id}_{phase_id}_attempt{attempt}.ndjson"
        out_file.write_text(json.dumps(record) + "\n", encoding="utf-8")
        logger.warning("cut off line kept in .autonomous_runs/autopack/ndjson_failures")


def steps() -> list[tuple[int, str]]:
    """Return the steps of the scripted plan with their numbers."""
    return list(enumerate(PLAN_STEPS * 4, start=1))


def ndjson(*operations: Operation) -> str:
    """Return operations as the model would send them."""
    return "\n".join(json.dumps({"path": o.path, "content": o.content}) for o in operations)
