"""The byte gate: whatever the gate of texts lets pass, it lets pass, too."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flake8_runsdir.config import resolve
from flake8_runsdir.gate import Gate, cores
from flake8_runsdir.needles import Needles
from flake8_runsdir.options import Layer

NAMES = ([".autonomous_runs"], ["mlruns"], ["var/runs", "x"], ["läufe"], [".a_b", "lightning_logs"])
NEEDLES = [Needles(resolve(Layer("", {"names": names}, "."))) for names in NAMES]
#: What texts around the edge of the gate are made of.
PIECES = st.sampled_from(
    [
        *".autonomous_runs mlruns var/runs läufe AUTONOMOUS_RUNS_DIR autonomous_runs_dir".split(),
        *".auton omous_runs ml runs lä ufe AUTONOM OUS_RUNS_DIR lightning _logs .a _b".split(),
        *(r"\x2e", r"\056", r"\u002e", r"\N{FULL STOP}", r"\x6d", r"\x6D", "\\\n", "\\", "\\\\"),
        *('" "', "'\n'", '"', "'", " ", "\n", "r'", "# x\n", "é", "\f"),
    ]
)


@pytest.mark.parametrize("needles", NEEDLES, ids=map(" ".join, NAMES))
@given(pieces=st.lists(PIECES, max_size=8))
@settings(max_examples=400, deadline=None)
def test_nothing_is_lost(needles: Needles, pieces: list[str]) -> None:
    text = "".join(pieces)
    data = text.encode("utf-8")
    assert Gate(needles).opens(data, len(data)) or not needles.may_occur(text)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(b"", False, id="nothing"),
        pytest.param(b"import os\nprint('\\n', \"a\" 'b')\n", False, id="ordinary code"),
        pytest.param(b"x = '\\x2e'\n", False, id="an escape of a character of the needle"),
        pytest.param(b"# coding: latin-1\nx = '\xe9'\n", False, id="an encoding above ASCII"),
        pytest.param(b"\xff\xfex\0", True, id="UTF-16"),
        pytest.param(b"x\0", True, id="a NUL, which no encoding above ASCII has"),
        pytest.param(b"# coding: utf-7\nx\n", True, id="an encoding that is not above ASCII"),
        pytest.param(b"#\n# -*- coding: rot13 -*-\n", True, id="the same in the second line"),
        pytest.param(b"#\n#\n# coding: utf-7\n", False, id="the same in the third line"),
        pytest.param(b"x = '.autonomous_runs'\n", True, id="the name"),
        pytest.param(b"x = '.autonomous' '_runs'\n", True, id="in pieces"),
        pytest.param(b"x = '\\x2eautonomous\\x5fruns'\n", True, id="behind escapes"),
        pytest.param(b"x = '\\x2e\\x61utonomous\\x5fru\\x6es'\n", True, id="behind several"),
    ],
)
def test_bytes(data: bytes, expected: bool) -> None:
    assert Gate(NEEDLES[0]).opens(bytearray(data), len(data)) is expected


def test_only_the_given_bytes_count() -> None:
    data = bytearray(b"import os\n.autonomous_runs\0")
    assert not Gate(NEEDLES[0]).opens(data, len(b"import os\n"))
    assert Gate(NEEDLES[0]).opens(data, len(data))


def test_further_texts_open_the_gate() -> None:
    assert Gate(NEEDLES[0], further=("RUN",)).opens(b"# noqa: RUN001", 14)
    assert not Gate(NEEDLES[0]).opens(b"# noqa: RUN001", 14)


@given(st.lists(st.text("abcde_", min_size=1, max_size=12), max_size=6))
def test_cores_are_in_all_texts(texts: list[str]) -> None:
    found = cores(texts)
    assert all(any(core in text for core in found) for text in texts)
    assert len(found) <= len(set(texts))


def test_cores_of_the_defaults_are_few() -> None:
    assert sorted(cores(NEEDLES[0].telling)) == [".autonom", "AUTONOMOUS_RUNS_DIR", "ous_runs"]
