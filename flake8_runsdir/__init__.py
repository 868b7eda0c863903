"""A linter that keeps an application's runs directory configurable."""

__version__ = "1.0.0"
