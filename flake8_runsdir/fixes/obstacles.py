"""What stands in the way of a fix."""

from __future__ import annotations


class ObstacleError(Exception):
    """There is no fix; the message says why, in words that can follow "no fix: "."""
