"""``python -m flake8_runsdir`` is ``runsdir``."""

import sys

from flake8_runsdir.cli import main

if __name__ == "__main__":
    sys.exit(main())
