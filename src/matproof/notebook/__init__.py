"""The vocabulary of the book's verification cells.

Small modules, all re-exported here: `symbolic` (exact checks with SymPy, entry by entry), `numeric`
(derivatives of NumPy functions), and the pictures in `plots`, `geometry` and `surfaces`. They add only what
SymPy and NumPy lack: the two layouts, matrices of generic entries, and an equality that says where two
matrices differ.
"""

from matproof.notebook.geometry import draw_added_area, draw_curved_grid, draw_images
from matproof.notebook.numeric import central_difference, check_close, complex_step
from matproof.notebook.plots import (
    draw_convergence,
    draw_delta,
    draw_descent,
    draw_fit,
    draw_flow,
    draw_gradient,
    draw_matrices,
    draw_pattern,
    draw_shapes,
    draw_step_errors,
)
from matproof.notebook.surfaces import draw_heights, draw_shadows
from matproof.notebook.symbolic import (
    Differences,
    assert_equal,
    check_equal,
    derivative,
    differing_entries,
    functions,
    generic,
    hadamard,
    inverse,
    single_entry,
)

__all__ = [
    "Differences",
    "assert_equal",
    "central_difference",
    "check_close",
    "check_equal",
    "complex_step",
    "derivative",
    "differing_entries",
    "draw_added_area",
    "draw_convergence",
    "draw_curved_grid",
    "draw_delta",
    "draw_descent",
    "draw_fit",
    "draw_flow",
    "draw_gradient",
    "draw_heights",
    "draw_images",
    "draw_matrices",
    "draw_pattern",
    "draw_shadows",
    "draw_shapes",
    "draw_step_errors",
    "functions",
    "generic",
    "hadamard",
    "inverse",
    "single_entry",
]
