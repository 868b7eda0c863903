"""SARIF 2.1.0, which code scanning services and many viewers read.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from flake8_runsdir import __version__
from flake8_runsdir.codes import is_unchecked
from flake8_runsdir.emit import ascii_json
from flake8_runsdir.emit.fingerprints import fingerprints
from flake8_runsdir.emit.inert import shown, well_formed
from flake8_runsdir.emit.paths import file_uri, relative, relative_uri
from flake8_runsdir.emit.positions import Region, place, region, replaced
from flake8_runsdir.report import Fix, Located, Report, Style

#: What relative addresses start from.
ROOT = "%SRCROOT%"
SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
#: Where the results are filled in: no text in JSON can look like this.
RESULTS = '"results": []'


class _Index(NamedTuple):
    """Where the files and the rules of the findings stand in their lists, in order."""

    artifacts: dict[str, int]
    rules: dict[str, int]


def emit(report: Report, style: Style) -> Iterator[str]:
    """Yield one run, result by result; no newline stands at its end."""
    index = _Index({}, {})
    names: dict[str, str] = {}
    for found in report.findings:
        index.artifacts.setdefault(found.path, len(index.artifacts))
        index.rules.setdefault(found.code, len(index.rules))
        names.setdefault(found.code, found.name)
    run: dict[str, object] = {
        "tool": {
            "driver": {
                "name": "runsdir",
                "version": __version__,
                "semanticVersion": __version__,
                "rules": [described(code, name) for code, name in names.items()],
            }
        },
        "invocations": [_invocation(report, index, style)],
        "originalUriBaseIds": {ROOT: {"uri": file_uri(style.cwd.rstrip("/") + "/")}},
        "artifacts": [{"location": _artifact(path, style)} for path in index.artifacts],
        "columnKind": "unicodeCodePoints",
        "results": [],
    }
    document = ascii_json.indented({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})
    head, key, tail = document.rpartition(RESULTS)
    yield head + key[:-2]
    named = zip(report.findings, fingerprints(report, style))
    results = (_result(found, fingerprint, index, style) for found, fingerprint in named)
    yield from ascii_json.array(results, depth=6)
    yield tail


def described(code: str, name: str) -> dict[str, object]:
    """Return a rule as SARIF describes it, with its page; of an unknown one, what is given."""
    from flake8_runsdir.rules import find

    rule = find(code)
    if rule is None:
        return {"id": code, "name": name}
    sections = dict(_sections(rule.page))
    return {
        "id": code,
        "name": name,
        "shortDescription": {"text": _one_line(sections["What it does"])},
        "fullDescription": {"text": _one_line(sections["Why is this bad?"])},
        "help": {"text": rule.page, "markdown": rule.page},
        "defaultConfiguration": {"enabled": not rule.opt_in, "level": "error"},
        "properties": {"tags": ["paths", "configuration"], "problem.severity": "error"},
    }


def _sections(page: str) -> Iterator[tuple[str, str]]:
    """Yield the headings of a rule's page, and the text below each."""
    for section in page.split("\n## ")[1:]:
        heading, _, text = section.partition("\n")
        yield heading, text


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _invocation(report: Report, index: _Index, style: Style) -> dict[str, object]:
    """Return how the run went: a file that was not checked makes it no success."""
    notifications = [
        {
            "level": "error",
            "message": {"text": _message(found)},
            "associatedRule": {"id": found.code, "index": index.rules[found.code]},
            "locations": [_location(found, index, style)],
        }
        for found in report.findings
        if is_unchecked(found.code)
    ]
    return {
        "executionSuccessful": not report.unchecked,
        "toolExecutionNotifications": notifications,
    }


def _result(found: Located, fingerprint: str, index: _Index, style: Style) -> dict[str, object]:
    result: dict[str, object] = {
        "ruleId": found.code,
        "ruleIndex": index.rules[found.code],
        "level": "error",
        "message": {"text": _message(found)},
        "locations": [_location(found, index, style)],
        "partialFingerprints": {"runsdirFinding/v1": fingerprint},
    }
    if found.fix is not None and found.cell is None:
        result["fixes"] = [_fix(found.fix, _artifact(found.path, style))]
    return result


def _message(found: Located) -> str:
    """Return the message as viewers show it: ``[text](target)`` would become a link."""
    return shown(found.message).replace("](", "] (")


def _location(found: Located, index: _Index, style: Style) -> dict[str, object]:
    artifact = {**_artifact(found.path, style), "index": index.artifacts[found.path]}
    physical = {"artifactLocation": artifact, "region": _region(region(found))}
    location: dict[str, object] = {"physicalLocation": physical}
    if found.cell is not None:
        location["logicalLocations"] = [{"fullyQualifiedName": place(found)}]
    return location


def _artifact(path: str, style: Style) -> dict[str, object]:
    if path == "-":
        return {"uri": path, "description": {"text": "standard input"}}
    inside = relative(path, style.cwd)
    if inside == path:
        return {"uri": file_uri(path)}
    return {"uri": relative_uri(inside), "uriBaseId": ROOT}


def _region(stretch: Region) -> dict[str, object]:
    return {
        "startLine": stretch.row,
        "startColumn": stretch.column,
        "endLine": stretch.end_row,
        "endColumn": stretch.end_column,
    }


def _fix(fix: Fix, artifact: dict[str, object]) -> dict[str, object]:
    replacements = [
        {
            "deletedRegion": _region(replaced(edit)),
            "insertedContent": {"text": well_formed(edit.content)},
        }
        for edit in fix.edits
    ]
    change = {"artifactLocation": artifact, "replacements": replacements}
    return {"description": {"text": shown(fix.message)}, "artifactChanges": [change]}
