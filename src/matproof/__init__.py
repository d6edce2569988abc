"""matproof: checks every equals sign of a derivation in matrix calculus."""
