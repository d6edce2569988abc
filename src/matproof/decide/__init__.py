"""Verdicts: a claim is closed, its shapes are found, both sides are evaluated at random points."""
