"""From a document to its claims: formulas, tokens, trees, scopes."""
