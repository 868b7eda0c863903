"""The walk that leaves functions for later finds what the walk over everything finds."""

from __future__ import annotations

import ast
import random
from typing import Iterator

import pytest

import pages
import test_real_trees as trees
from flake8_runsdir.config import Config, Layer, resolve
from flake8_runsdir.flow import Flow, index
from flake8_runsdir.flow.analysis import analyse
from flake8_runsdir.needles import Needles
from flake8_runsdir.source import Source

BLOCKS = list(pages.blocks())
BUILD = index.build


def eager(tree: ast.Module, needles: Needles, _: str = "") -> index.Index:
    """Walk all of a tree at once."""
    return BUILD(tree, needles)


def both(monkeypatch: pytest.MonkeyPatch, source: Source, config: Config) -> tuple[Flow, Flow]:
    """Analyse a source with either walk."""
    needles = Needles(config)
    lazily = analyse(source, config, needles, comments=True)
    with monkeypatch.context() as patched:
        patched.setattr(index, "build", eager)
        return lazily, analyse(source, config, needles, comments=True)


def sources() -> Iterator[tuple[str, Source, Config]]:
    """Yield the modules of all pages that parse."""
    for block in BLOCKS:
        config = resolve(Layer(str(block), block.options, "."))
        try:
            yield str(block), Source.parse(block.path, block.text), config
        except SyntaxError:
            continue  # newer grammar than this interpreter's


def test_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    count = 0
    for where, source, config in sources():
        lazily, eagerly = both(monkeypatch, source, config)
        assert lazily == eagerly, where
        count += 1
    assert count > 100


def test_pages_with_other_line_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    for where, source, config in list(sources())[::10]:
        other = Source.parse(source.path, source.text.replace("\n", "\r"))
        lazily, eagerly = both(monkeypatch, other, config)
        assert lazily == eagerly, where


def test_pages_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a large module a name is asked for that many functions hold."""
    config = resolve()
    texts = [source.text for _, source, used in sources() if used == config]
    for start in range(0, len(texts), 20):
        text = "\n".join(part for part in texts[start : start + 20] if "__future__" not in part)
        lazily, eagerly = both(monkeypatch, Source.parse("a.py", text), config)
        assert lazily == eagerly, start


@pytest.mark.trees
def test_planted_files(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(5)
    paths = [path for path in trees.files() if 5_000 < path.stat().st_size < 100_000]
    count = 0
    for path in chance.sample(paths, 400):
        text = trees.read(path)
        planted = None if text is None else trees.plant(path, text, chance, 5)
        if planted is not None and planted.expected:
            source = Source(planted.path, planted.text, trees.parse(planted.text))
            lazily, eagerly = both(monkeypatch, source, trees.CONFIG)
            assert lazily == eagerly, path
            count += 1
    assert count > 200
