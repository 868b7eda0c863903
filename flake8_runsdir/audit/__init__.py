"""The audit: every mention of the runs directory in a project, and what is to become of it.

An :class:`~flake8_runsdir.audit.inventory.Inventory` is made of all tracked text files, whatever
their language; reports are written of it, and two of them can be compared.
"""
