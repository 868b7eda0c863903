"""A small autonomous builder: a supervisor runs several runs of a project in parallel."""
