"""The page of an audit in a real browser: headless Chromium.

It must be installed where the tests run in CI; elsewhere the tests are skipped.  The page itself
holds no script; to use its controls, a test adds one to a copy without the policy.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import zlib
from pathlib import Path

import pytest

from clients import SECONDS, need
from flake8_runsdir.audit.inventory import Inventory
from test_audit_reports import HISTORY, PROJECT, WICKED, inventory_of, rendered

pytestmark = pytest.mark.clients

_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')
_DIGEST = re.compile(r"'sha256-[^']*'")
#: Uses the controls, and leaves the places that are shown, from top to bottom, in the page.
_DRIVER = """
<script>
for (const id of %s) document.getElementById(id).click();
for (const [id, label] of Object.entries(%s)) {
  const list = document.getElementById(id);
  list.value = [...list.options].find(option => option.label.startsWith(label)).value;
}
const rows = [...document.querySelectorAll("tbody tr")].filter(row => row.offsetHeight > 0);
rows.sort((one, other) => one.offsetTop - other.offsetTop);
const cells = rows.map(row => row.cells[1].textContent);
const output = document.createElement("output");
output.textContent = JSON.stringify(cells);
document.body.append(output);
</script>
"""


class Browser:
    """Chromium, with a profile of its own for every start."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.program = shutil.which("chromium") or shutil.which("chromium-browser") or ""
        need(self.program, "Chromium")

    def open(self, page: str, *options: str) -> tuple[str, str]:
        """Load a page; return what it prints, and the messages of its console."""
        file = self.directory / "page.html"
        file.write_text(page, encoding="utf-8", newline="")
        process = subprocess.run(
            [
                self.program,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
                "--enable-logging=stderr",
                f"--user-data-dir={self.directory / 'profile'}",
                "--window-size=1280,1600",
                *options,
                file.as_uri(),
            ],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SECONDS,
            check=True,
        )
        messages = re.findall(r"CONSOLE[^\]]*\] (.*)", process.stderr.decode("utf-8", "replace"))
        return process.stdout.decode("utf-8"), "\n".join(messages)

    def corner(self, page: str, *options: str) -> tuple[int, ...]:
        """Return the colour at the top left of a page: red, green and blue."""
        picture = self.directory / "page.png"
        self.open(page, f"--screenshot={picture}", *options)
        data, chunks, position = picture.read_bytes(), b"", 8
        while position < len(data):
            size = int.from_bytes(data[position : position + 4], "big")
            if data[position + 4 : position + 8] == b"IDAT":
                chunks += data[position + 8 : position + 8 + size]
            position += 12 + size
        # The first pixel stands behind the kind of filter, and no filter changes it.
        return tuple(zlib.decompress(chunks)[1:4])

    def places(self, inventory: Inventory, clicks: list[str], choices: dict[str, str]) -> list[str]:
        """Return the places that are shown, in order, after the controls have been used."""
        page = _POLICY.sub("", rendered("html", inventory, *HISTORY))
        driver = _DRIVER % (json.dumps(clicks), json.dumps(choices))
        printed, _ = self.open(page.replace("</body>", driver + "</body>"), "--dump-dom")
        found = re.search(r"<output>(.*)</output>", printed)
        assert found, printed[-2000:]
        cells: list[str] = json.loads(found[1])
        return [re.split(r":(?:cell )?\d", cell)[0] for cell in cells]


@pytest.fixture
def browser(tmp_path: Path) -> Browser:
    return Browser(tmp_path)


def test_page_is_shown_without_a_complaint(browser: Browser) -> None:
    """Its policy allows its own style sheet, and would not allow another one."""
    page = rendered("html", PROJECT, *HISTORY)
    assert browser.open(page, "--dump-dom")[1] == ""
    other = _DIGEST.sub("'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='", page)
    assert "Content Security Policy" in browser.open(other, "--dump-dom")[1]


def test_page_is_light_or_dark(browser: Browser) -> None:
    page = rendered("html")
    light = browser.corner(page, "--blink-settings=preferredColorScheme=1")
    dark = browser.corner(page, "--blink-settings=preferredColorScheme=0")
    assert min(light) > 0xE0
    assert max(dark) < 0x30


def test_hostile_texts_do_nothing(browser: Browser) -> None:
    """Even without the policy there is no script that could run, and nothing to load."""
    every = [inventory_of(text) for text in WICKED.values()]
    places = tuple(place for inventory in every for place in inventory.places)
    page = rendered("html", inventory_of(WICKED["html"])._replace(places=places))
    printed, messages = browser.open(_POLICY.sub("", page), "--dump-dom")
    assert messages == ""
    assert printed.count("<tr ") == len(places)
    assert "<title>Hard-coded path audit: &lt;script&gt;" in printed
    assert not re.search(r"<(?:script|img|iframe|link)\b|<[^>]* on\w+=", printed)


EXECUTOR, TOUR, TELEMETRY = "app/executor.py", "docs/tour.ipynb", "app/telemetry.py"
SAFE = "suppressed documentation migration log match definition fixed".split()
NO_SAFE = [f"show-{status}" for status in SAFE]


@pytest.mark.parametrize(
    ("clicks", "choices", "expected"),
    [
        pytest.param(NO_SAFE, {}, [EXECUTOR, EXECUTOR, TOUR, TELEMETRY, TELEMETRY], id="statuses"),
        pytest.param(
            [*NO_SAFE, "show-high", "sort-file"], {}, [TELEMETRY, TELEMETRY], id="priorities"
        ),
        pytest.param(
            [*NO_SAFE, "sort-file"],
            {},
            [EXECUTOR, EXECUTOR, TELEMETRY, TELEMETRY, TOUR],
            id="sorted by file",
        ),
        pytest.param(
            [*NO_SAFE, "sort-file", "reversed"],
            {},
            [TOUR, TELEMETRY, TELEMETRY, EXECUTOR, EXECUTOR],
            id="reversed",
        ),
        pytest.param(
            [*NO_SAFE, "sort-status"],
            {},
            [EXECUTOR, TOUR, TELEMETRY, EXECUTOR, TELEMETRY],
            id="sorted by status",
        ),
        pytest.param([], {"file": TELEMETRY}, [TELEMETRY, TELEMETRY], id="one file"),
        pytest.param([], {"language": "SQL"}, ["migrations/0001.sql"], id="one language"),
        pytest.param([], {"file": TOUR, "language": "SQL"}, [], id="nothing is both"),
        pytest.param(["sort-language"], {"file": TOUR}, [TOUR], id="sorted by language"),
    ],
)
def test_rows_can_be_sorted_and_filtered(
    browser: Browser, clicks: list[str], choices: dict[str, str], expected: list[str]
) -> None:
    assert browser.places(PROJECT, clicks, choices) == expected
