"""The rules, on the pages of ``tests/rules``."""

from collections.abc import Sequence

import pytest

import pages
from flake8_runsdir import codes
from flake8_runsdir.rules import ALL, RULES, UNCHECKED, unused_run_suppression

BLOCKS = [block for block in pages.blocks() if block.parses]


@pytest.mark.parametrize("block", BLOCKS, ids=str)
def test_findings_are_those_that_the_page_marks(block: pages.Block) -> None:
    actual: Sequence[object] = block.actual()
    expected: Sequence[object] = block.expected()
    if not block.exact:
        actual = sorted((row, code) for row, _, _, code in block.actual())
        expected = sorted((row, code) for row, _, _, code in block.expected())
    assert actual == expected, block.text


def test_every_rule_has_a_page_with_findings() -> None:
    marked = {code for block in BLOCKS for *_, code in block.expected()}
    assert marked >= {rule.code for rule in RULES}


def test_codes_are_known_where_no_rule_is_loaded() -> None:
    assert unused_run_suppression.RULE.code == codes.UNUSED_SUPPRESSION
    assert all(rule.code.startswith(codes.PREFIX) for rule in ALL)
    assert {rule for rule in ALL if codes.is_unchecked(rule.code)} == set(UNCHECKED)
