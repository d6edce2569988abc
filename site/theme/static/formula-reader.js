// Reads a formula as one types it, in plain text, Python or LaTeX, and makes the key that book_site/keys.py makes
// of the book's formulas: equal for formulas that differ in the names of letters, or by turns under a trace.
{
  const MOST = 64;
  const FUNCTIONS = {
    tr: "tr", trace: "tr", det: "det", log: "log", ln: "log", logdet: "logdet", slogdet: "logdet", exp: "exp", inv: "inv",
    inverse: "inv", adj: "adj", vec: "vec", diag: "diag", norm: "norm", transpose: "T", sqrt: "sqrt", sin: "sin", cos: "cos",
  };
  const GREEK = /^(alpha|beta|gamma|delta|lambda|mu|sigma|theta|Sigma|Lambda|Omega|Theta)/;
  const TURNED_INSIDE = ["had", "exp", "adj"];
  const isCapital = (name) => /^\p{Lu}/u.test(name);

  // --- Terms, as in keys.py ---
  function isColumn([kind, first, second]) {
    if (kind === "l") return !second && !isCapital(first);
    if (kind === "prod") return isColumn(first.at(-1)) && !isColumn(turned(first[0]));
    return kind === "sum" && isColumn(first[0]);
  }
  function turned(term) {
    const [kind, first, second] = term;
    if (kind === "l") return ["l", first, !second];
    if (kind === "prod") return ["prod", first.map(turned).reverse()];
    if (kind === "sum") return ["sum", first.map(turned)];
    if (kind === "inv" || kind === "pow") return [kind, turned(first)];
    if (kind === "f" && TURNED_INSIDE.includes(first)) return ["f", first, second.map(turned)];
    return term;
  }
  function product(factors) {
    const flat = factors.flatMap((factor) => (factor[0] === "prod" ? factor[1] : [factor]));
    if (flat.length === 1) return flat[0];
    return [flat.length && isColumn(turned(flat[0])) && isColumn(flat.at(-1)) ? "tr" : "prod", flat];
  }
  const trace = (term) => (term[0] === "tr" ? term : ["tr", term[0] === "prod" ? term[1] : [term]]);
  const square = (term) => trace(product([turned(term), term]));
  function sum(terms) {
    if (terms.length === 1) return terms[0];
    const anonymous = (term) => written(term, (name) => (isCapital(name) ? "M" : "v"));
    const order = (a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0);
    return ["sum", terms.map((term) => ({ term, text: anonymous(term) })).sort(order).map(({ term }) => term)];
  }
  function written([kind, first, second], rename) {
    if (kind === "l") return rename(first) + (second ? "'" : "");
    if (kind === "inv" || kind === "pow") return `${kind}(${written(first, rename)})`;
    const [name, parts] = kind === "f" ? [first, second] : [kind, first];
    return `${name}(${parts.map((part) => written(part, rename)).join(",")})`;
  }
  function numbered(term, variable) {
    const known = new Map();
    return written(term, (name) => {
      const kind = name === variable ? "x" : `a${known.size}`;
      if (!known.has(name)) known.set(name, isCapital(name) ? kind.toUpperCase() : kind);
      return known.get(name);
    });
  }
  function choices(parts) {
    let rows = [[]];
    for (const part of parts) {
      const some = variants(part);
      rows = rows.flatMap((row) => some.map((one) => [...row, one])).slice(0, MOST * MOST);
    }
    return rows.slice(0, MOST);
  }
  function variants(term) {
    const [kind, first, second] = term;
    let found;
    if (kind === "l") found = [term];
    else if (kind === "inv" || kind === "pow") found = variants(first).map((part) => [kind, part]);
    else if (kind === "f") found = choices(second).map((parts) => ["f", first, parts]);
    else if (kind !== "tr") found = choices(first).map((parts) => [kind, parts]);
    else {
      found = choices(first).flatMap((parts) => [parts, parts.map(turned).reverse()].flatMap(
        (row) => row.map((_, start) => ["tr", [...row.slice(start), ...row.slice(0, start)]])));
      return found;
    }
    return found.slice(0, MOST);
  }
  const keyOf = (term, variable) => variants(term).map((one) => numbered(one, variable)).sort()[0];
  function letters([kind, first, second]) {
    if (kind === "l") return [first];
    const parts = kind === "f" ? second : kind === "inv" || kind === "pow" ? [first] : first;
    return [...new Set(parts.flatMap(letters))];
  }

  // --- From text ---
  const REPLACED = [
    [/\\(?:left|right|,|;|!|quad|displaystyle)(?![A-Za-z])|\$|\\[,;!]/g, " "],
    [/\\(?:mathbf|mathrm|boldsymbol|bm|operatorname|mathsf|text)\s*(?:\{\\?([^{}]*)\})?/g, " $1 "],
    [/\\(?:\||lVert|rVert|Vert)|‖/g, "||"], [/\\odot|⊙|∘|\\circ/g, " .* "], [/\\otimes|⊗/g, " ⊗ "], [/\\(?:cdot|times)|·|×|@/g, " * "],
    [/\\partial|∂/g, "∂"], [/\\top|⊤/g, "T"], [/\\[dt]?frac/g, " frac "], [/ᵀ/g, "^T"], [/⁻¹/g, "^-1"], [/²/g, "^2"], [/³/g, "^3"],
    [/\b(?:np|numpy|jnp|torch|linalg|scipy|sp|sympy|la)\./g, ""], [/\*\*/g, "^"], [/\.(?:T|transpose\(\))(?![A-Za-z])/g, "^T"], [/\.I\b/g, "^-1"],
    [/[′’]/g, "'"], [/\\([A-Za-z]+)/g, " $1 "], [/[{[]/g, "("], [/[}\]]/g, ")"],
  ];
  const tokensOf = (text) => text.match(/\|\||\.\*|\p{L}+|\d+(?:\.\d+)?|[-+*/^'(),_|⊗∂]/gu) ?? [];

  // A recursive descent; what it does not understand it throws.
  function reader(tokens) {
    let place = 0;
    let norms = 0;
    const look = () => tokens[place];
    const take = (token) => (look() === token ? (place += 1, true) : false);
    const need = (token) => { if (!take(token)) throw new Error(`expected ${token}`); };
    const NUMBER = Symbol("number");

    function sumOf() {
      const terms = [];
      do { take("-"); terms.push(productOf()); } while (take("+") || look() === "-");
      return sum(terms.map((term) => (term === NUMBER ? ["f", "1", []] : term)));
    }
    function productOf() {
      const factors = [];
      let others = null;
      while (look() !== undefined && !["+", "-", ")", ","].includes(look()) && !(norms && look() === "||")) {
        if (take("*")) continue;
        const divided = take("/");
        if (take(".*") || take("⊗")) {
          const name = tokens[place - 1] === ".*" ? "had" : "kron";
          others = { name, parts: [...(others?.parts ?? []), product(factors.splice(0))] };
          continue;
        }
        const factor = powered();
        if (factor !== NUMBER) factors.push(divided ? ["inv", factor] : factor);
      }
      if (others) return ["f", others.name, [...others.parts, product(factors)]];
      return factors.length ? product(factors) : NUMBER;
    }
    function powered() {
      let [term, isNorm] = atom();
      for (;;) {
        if (take("'")) term = turned(term);
        // The size of an identity matrix is no index.
        else if (take("_")) { group(); if (term[1] !== "I") term = ["f", "entry", [term]]; }
        else if (take("^")) {
          const exponent = group();
          if (isNorm && exponent === "2") return square(term[2][0]);
          term = raised(term, exponent);
        } else return term;
        isNorm = false;
      }
    }
    // The text of an exponent or a subscript: one token, or what stands in brackets.
    function group() {
      if (!take("(")) {
        const sign = take("-") ? "-" : "";
        const token = tokens[place];
        // A^TX: only the first letter is the exponent.
        if (/^T\p{L}/u.test(token ?? "")) { tokens[place] = token.slice(1); return "T"; }
        place += 1;
        return sign + token;
      }
      let [text, depth] = ["", 1];
      while (depth) {
        const token = tokens[place++];
        if (token === undefined) throw new Error("expected )");
        depth += token === "(" ? 1 : token === ")" ? -1 : 0;
        if (depth) text += token;
      }
      return text;
    }
    function raised(term, exponent) {
      if (/^[T']$/.test(exponent)) return turned(term);
      if (exponent === "-T") return turned(["inv", term]);
      if (exponent === "-1") return ["inv", term];
      if (exponent === "2" || exponent === "3") return product(Array(Number(exponent)).fill(term));
      return ["pow", exponent.startsWith("-") ? ["inv", term] : term];
    }
    function atom() {
      if (take("(")) { const inner = sumOf(); need(")"); return [inner, false]; }
      if (take("||")) {
        norms += 1;
        const inner = sumOf();
        norms -= 1;
        need("||");
        if (take("_")) group();
        return [["f", "norm", [inner]], true];
      }
      const token = tokens[place];
      if (/^\d/.test(token)) { place += 1; return [NUMBER, false]; }
      if (!/^\p{L}/u.test(token)) throw new Error(`unexpected ${token}`);
      return word(token);
    }
    function fraction() {
      const [above, below] = [args()[0], args()[0]];
      return product([above, ["inv", below]].filter((part) => part[1] !== "1" && part[1][1] !== "1"));
    }
    function word(token) {
      if (take("frac")) return [fraction(), false];
      const name = Object.hasOwn(FUNCTIONS, token) ? token : /^(tr|det|log)(?=\p{Lu})/u.exec(token)?.[1];
      if (name) {
        tokens[place] = token.slice(name.length);
        if (!tokens[place]) place += 1;
        return called(FUNCTIONS[name]);
      }
      const letter = GREEK.exec(token)?.[1] ?? token[0];
      tokens[place] = token.slice(letter.length);
      if (!tokens[place]) place += 1;
      // x_ij is an entry of the matrix X, x_i one of the vector x.
      if (look() === "_" && !isCapital(letter)) {
        take("_");
        const one = /^[^\p{L}\p{N}]*[\p{L}\p{N}][^\p{L}\p{N}]*$/u.test(group());
        return [["f", "entry", [["l", one ? letter : letter.toUpperCase(), false]]], false];
      }
      if (/^[fgh]$/.test(letter) && look() === "(") { const parts = args(); return [["f", "app", parts], false]; }
      return [["l", letter, false], false];
    }
    function args() {
      need("(");
      const parts = [sumOf()];
      while (take(",")) parts.push(sumOf());
      need(")");
      return parts;
    }
    function called(name) {
      const power = name !== "tr" && take("^") ? group() : "";
      const parts = look() === "(" ? args() : [productOf()];
      const term = apply(name, parts[0]);
      return [power ? raised(term, power) : term, name === "norm"];
    }
    function apply(name, part) {
      if (name === "tr") return trace(part);
      if (name === "inv") return ["inv", part];
      if (name === "T") return turned(part);
      if (name === "logdet") return ["f", "log", [["f", "det", [part]]]];
      return ["f", name, [part]];
    }
    const whole = sumOf();
    if (place < tokens.length) throw new Error(`unexpected ${look()}`);
    return whole;
  }

  // The formula that is differentiated, and by what, if the query says so.
  function parted(text) {
    let query = text.replace(/\b(?:the\s+)?(?:gradient|derivative|differential|jacobian|hessian|slope)\s+(?:of\s+)?|^\s*(?:nabla|grad|∇)\s*/giu, "");
    let variable = null;
    query = query.replace(/\s+(?:with respect to|w\.?r\.?t\.?|by)\s+(\w)\s*$/i, (_, letter) => { variable = letter; return ""; });
    query = query.split(/=|\\neq?(?![A-Za-z])|≠/)[0];
    for (const [pattern, replacement] of REPLACED) query = query.replace(pattern, replacement);
    query = query.trim();
    const operator = /^(?:frac\s*\(\s*[d∂]\s*\)\s*\(\s*[d∂]\s*\(?\s*(\p{L})[^)]*?\)+|[d∂]\s*\/\s*[d∂]\s*\(?\s*(\p{L})(?:_\S+)?\s*\)?)(.*)$/u.exec(query);
    if (operator) return { variable: operator[1] ?? operator[2], formula: operator[3] };
    const fraction = /^(?:frac\s*\(\s*[d∂](.+)\)\s*\(\s*[d∂]\s*\(?\s*(\p{L}).*|[d∂]\s*(?=[\s(|\p{L}])(.+?)\s*\/\s*[d∂]\s*\(?\s*(\p{L})\)?.*)$/u.exec(query);
    if (fraction) return { variable: fraction[2] ?? fraction[4], formula: fraction[1] ?? fraction[3] };
    return { variable, formula: query };
  }

  // All keys that a query may mean, the likeliest first; [] if it is no formula.
  function formulaKeys(text) {
    const { variable, formula } = parted(text);
    try {
      const term = reader(tokensOf(formula));
      if (term[0] === "l" || !letters(term).length) return [];
      const usual = (name) => "XxwWUuYyAa".indexOf(name[0]) + 1 || 99;
      const known = letters(term);
      // By an entry x_ij is by the matrix X.
      const matrix = variable?.toUpperCase();
      const tried = variable ? [known.includes(variable) || !known.includes(matrix) ? variable : matrix] : [...known.sort((a, b) => usual(a) - usual(b)), ""];
      return [...new Set(tried.map((name) => keyOf(term, name)))];
    } catch {
      return [];
    }
  }
  // Words are words, unless there is something in them that words have not.
  const looksLikeFormula = (text) => /[\^'’′|_\\*@+=()∂∇‖⊙ᵀ/]|\p{Lu}{2}|\b(?:log|ln|tr|det)\s+\p{L}|^\p{Lu}\p{Ll}?$/u.test(text.trim());

  Object.assign(globalThis, { formulaKeys, looksLikeFormula });
}
