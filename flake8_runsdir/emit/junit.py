"""JUnit's XML, which CI systems show as tests: a file is a suite, a finding a failed case."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter

from flake8_runsdir.emit.inert import shown, without_commands
from flake8_runsdir.report import Located, Report, Style


def emit(report: Report, _: Style) -> Iterator[str]:
    """Yield the document, test by test; a clean report is one test that passes."""
    count = len(report.findings)
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield (
        f'<testsuites name="runsdir" tests="{count or 1}" skipped="0" '
        f'failures="{count}" errors="0">\n'
    )
    for path, group in groupby(report.findings, attrgetter("path")):
        yield from _suite(path, list(group))
    if not count:
        yield _opening("runsdir", 1, 0)
        yield '        <testcase name="No errors found" classname="runsdir"/>\n    </testsuite>\n'
    yield "</testsuites>\n"


def escaped(text: str) -> str:
    """Return a text as XML takes it, in an element and in an attribute."""
    for character, entity in _ENTITIES:
        text = text.replace(character, entity)
    return without_commands(text, "&#35;")


_ENTITIES = (
    ("&", "&amp;"),
    ("<", "&lt;"),
    (">", "&gt;"),
    ('"', "&quot;"),
    ("'", "&apos;"),
)


def _opening(name: str, tests: int, failures: int) -> str:
    counts = f'tests="{tests}" skipped="0" errors="0" failures="{failures}"'
    return f'    <testsuite name="{name}" {counts} package="org.runsdir">\n'


def _suite(path: str, group: list[Located]) -> Iterator[str]:
    yield _opening(escaped(shown(path)), len(group), len(group))
    module = escaped(shown(os.path.splitext(path)[0]))
    for found in group:
        yield _case(found, module)
    yield "    </testsuite>\n"


def _case(found: Located, module: str) -> str:
    message = escaped(shown(found.message))
    place = text = ""
    if found.cell is None:
        place = f' line="{found.row}" column="{found.column}"'
        text = f"line {found.row}, col {found.column}, "
    return (
        f'        <testcase name="org.runsdir.{found.code}" classname="{module}"{place}>\n'
        "            <properties>\n"
        '                <property name="severity" value="error"/>\n'
        "            </properties>\n"
        f'            <failure message="{message}">{text}{message}</failure>\n'
        "        </testcase>\n"
    )
