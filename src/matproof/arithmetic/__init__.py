"""Numbers and tensors that carry their derivatives. Knows no LaTeX and imports nothing else of ours."""
