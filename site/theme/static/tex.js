// LaTeX as text. Used by the pages and, since it needs no page, by the tests.

// What was typed: without the room between rows that only the typesetting needs.
function typedTex(tex) {
  return tex.replaceAll("\\\\[0.8em]", "\\\\").trim();
}

// The same formula with plain letters, as one writes it in a hurry: A^T X for \mathbf{A}^{\top} \mathbf{X}.
function plainTex(tex) {
  const unbold = typedTex(tex).replace(/\\(?:mathbf|boldsymbol|bm)\s*\{(\\?[A-Za-z0-9]+)\}/g, "\0$1");
  return unbold
    .replace(/\\top(?![A-Za-z])/g, "T")
    .replace(/([\^_])\{(\w)\}/g, "$1$2")
    // A letter that has lost its \mathbf must not become part of the command before it.
    .replace(/(\\[A-Za-z]+)\0(?=[A-Za-z])/g, "$1 ")
    .replaceAll("\0", "");
}

Object.assign(globalThis, { typedTex, plainTex });
