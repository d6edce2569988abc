"""Arrays of numbers: the one place from which `arithmetic` and `decide` take NumPy.

What they use of it is `np.…` of this module only, so that where NumPy cannot be loaded, as in a page of the
site, another module of the same names can stand in.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

__all__ = ["Array", "np"]
