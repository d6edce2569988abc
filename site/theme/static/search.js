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

function search(query) {
  const terms = words(query).map(stem);
  if (!terms.length) return;
  const entries = globalThis.searchIndex.map((row) => {
    const [heading, above, , text] = row.map((part) => words(part).map(stem));
    return { row, heading, above, text };
  });
  const found = entries
    .map((entry) => ({ row: entry.row, score: scoreOf(terms, entry) }))
    .filter((entry) => entry.score > 0)
    .sort((a, b) => b.score - a.score);
  const status = document.getElementById("search-status");
  const number = found.length === 1 ? "One place" : `${found.length || "No"} places`;
  status.textContent = `${number} found for “${query}”.`;
  show(found.slice(0, 40).map((entry) => entry.row), terms);
}

const query = new URLSearchParams(location.search).get("q") ?? "";
document.querySelector(".search input").value = query;
search(query);
