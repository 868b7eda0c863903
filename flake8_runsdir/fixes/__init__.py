"""Fixes: what has to be written instead of a hard-coded path, and the proof that it means the same.

:mod:`rewriting` decides what becomes of an expression, :mod:`reach` how the accessor is reached at
a place, :mod:`imports` where it is imported, and :mod:`proof` compares the trees before and after.
"""
