"""What else may be said of a claim: the other layout, its hypotheses, its topics."""
