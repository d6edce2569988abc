// The search page: every word must begin a word of an entry's heading or text; headings weigh more.

const words = (text) => text.normalize("NFKD").toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
const STATEMENT = /^(Theorem|Lemma|Corollary|Proposition|Definition)\b/;
const stem = (word) => (word.length > 3 ? word.replace(/s$/, "") : word);

function scoreOf(terms, entry) {
  let total = 0;
  for (const term of terms) {
    const best = Math.max(rating(entry.heading, term) * 8, rating(entry.above, term) * 3, rating(entry.text, term));
    if (best === 0) return 0;
    total += best;
  }
  // A statement comes before a section or a remark of equal score, a short heading before a long one.
  return total + (STATEMENT.test(entry.row[0]) ? 4 : 0) + 1 / (1 + entry.heading.length);
}

function rating(list, term) {
  if (list.includes(term)) return 2;
  return list.some((word) => word.startsWith(term)) ? 1 : 0;
}

function snippet(text, terms) {
  const paragraph = document.createElement("p");
  const lower = text.toLowerCase();
  const places = terms.map((term) => lower.indexOf(term)).filter((place) => place >= 0);
  const start = places.length ? Math.max(0, Math.min(...places) - 60) : 0;
  const from = start === 0 ? 0 : text.indexOf(" ", start) + 1;
  paragraph.textContent = (from ? "… " : "") + text.slice(from, from + 200) + (text.length > from + 200 ? " …" : "");
  return paragraph;
}

function show(results, terms) {
  const list = document.getElementById("search-results");
  for (const [heading, above, address, text] of results) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = address;
    link.textContent = heading;
    item.append(link);
    if (above) item.append(` in ${above}`);
    item.append(snippet(text, terms));
    list.append(item);
  }
}

// --- Formulas ------------------------------------------------------------------------------------------------

function findFormulas(query) {
  const keys = formulaKeys(query);
  const rank = (entry) => Math.min(...entry[0].map((key) => keys.indexOf(key)).filter((place) => place >= 0));
  return (globalThis.formulaIndex ?? []).filter((entry) => entry[0].some((key) => keys.includes(key)))
    .sort((a, b) => rank(a) - rank(b));
}

function showFormulas(found) {
  const list = document.getElementById("search-results");
  for (const [, name, address, numerator, denominator] of found) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = address;
    link.textContent = name;
    item.append(link);
    const same = numerator === denominator;
    for (const [layout, html] of [["numerator", numerator], ["denominator", denominator]].slice(same ? 1 : 0)) {
      const line = document.createElement("div");
      line.className = `found-formula${same ? "" : ` in-${layout}`}`;
      // The site's own, typeset when it was built.
      line.innerHTML = html;
      const formula = line.firstChild;
      const words = same ? "Copy …" : `Copy … (${layout} layout)`;
      const button = copyButton(words, () => openMenu(button, name, latexItems(bareTexOf(formula).replace("\\displaystyle ", ""))));
      line.append(button);
      item.append(line);
    }
    list.append(item);
  }
}

// --- Words ---------------------------------------------------------------------------------------------------

const SYNONYMS = {
  gradient: "derivative", jacobian: "derivative", slope: "derivative", differential: "derivative", hessian: "second derivative",
  grad: "derivative", least: "squares", frobenius: "norm", logdet: "logarithm determinant",
};
function meant(query) {
  const english = query.split(/\s+/).map((word) => globalThis.searchTerms?.[word] ?? word).join(" ");
  return words(english).flatMap((word) => words(SYNONYMS[word] ?? word)).map(stem);
}

function search(query) {
  document.getElementById("search-results").replaceChildren();
  const status = document.getElementById("search-status");
  status.dataset.hint ??= status.innerHTML;
  if (!query.trim()) { status.innerHTML = status.dataset.hint; return; }
  const formulas = looksLikeFormula(query) ? findFormulas(query) : [];
  showFormulas(formulas);
  const terms = formulas.length ? [] : meant(query);
  const entries = globalThis.searchIndex.map((row) => {
    const [heading, above, , text] = row.map((part) => words(part).map(stem));
    return { row, heading, above, text };
  });
  const found = terms.length === 0 ? [] : entries
    .map((entry) => ({ row: entry.row, score: scoreOf(terms, entry) }))
    .filter((entry) => entry.score > 0)
    .sort((a, b) => b.score - a.score);
  const total = found.length + formulas.length;
  const number = total === 1 ? "One place" : `${total || "No"} places`;
  status.textContent = `${number} found for “${query}”.`;
  show(found.slice(0, 40).map((entry) => entry.row), terms);
}

{
  const field = document.querySelector(".search input");
  field.value = new URLSearchParams(location.search).get("q") ?? "";
  field.addEventListener("input", () => search(field.value));
  search(field.value);
}
