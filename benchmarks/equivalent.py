"""Mutants that mean the same as what they were, so that no test could tell them apart: room -> mutant -> why."""

EQUIVALENT: dict[str, dict[str, str]] = {}
