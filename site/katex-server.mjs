// Typesets formulas for the build: one JSON request a line on standard input, one JSON answer a line
// on standard output. A request is {tex, display, macros}, an answer {html} or {error, line}: the line of the
// formula, counted from 0, or null.
import { createInterface } from "node:readline";
import katex from "katex";

// KaTeX leaves so little between the rows of `aligned` that fractions touch, and has no \jot to change it.
// It reads the gap of a row as a least depth, so only a row with a fraction is given one, a little deeper than
// the fraction. Rows of other environments, such as a matrix inside, stay as they are.
function spread(tex) {
  const open = [];
  let fraction = false;
  return tex.replace(/\\(begin|end)\{(\w+\*?)\}|\\frac\b|\\\\(?!\s*\[)/g, (token, edge, name) => {
    if (edge === "begin") open.push(name);
    else if (edge === "end") open.pop();
    else if (token === "\\frac") fraction = true;
    else if (open.at(-1) === "aligned") {
      const row = fraction ? "\\\\[0.8em]" : token;
      fraction = false;
      return row;
    }
    return token;
  });
}

function lineAt(tex, position) {
  return Number.isInteger(position) ? tex.slice(0, position).split("\n").length - 1 : null;
}

function typeset(tex, display, macros) {
  // KaTeX swallows what a `strict` function throws, so objections are collected and raised afterwards.
  const objections = [];
  const strict = (code, message, token) => {
    objections.push({ error: message, line: lineAt(tex, token?.loc?.start) });
    return "ignore";
  };
  // A copy of the macros, since \gdef in one formula must not leak into the next.
  const options = { displayMode: display, macros: { ...macros }, output: "htmlAndMathml", strict };
  const html = katex.renderToString(tex, options);
  return objections[0] ?? { html };
}

function answer({ tex, display, macros }) {
  const spaced = spread(tex);
  try {
    return typeset(spaced, display, macros);
  } catch (error) {
    if (!(error instanceof katex.ParseError)) throw error;
    return { error: error.rawMessage, line: lineAt(spaced, error.position) };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(JSON.stringify(answer(JSON.parse(line))) + "\n");
}
