// The filter of the formula index: every word typed must begin a word of a formula's title, topics or section.

const words = (text) => text.normalize("NFKD").toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
const stem = (word) => (word.length > 3 ? word.replace(/s$/, "") : word);
const textOf = (element) => element?.textContent ?? "";

function entriesOf(section) {
  const heading = textOf(section.querySelector(":scope > h2"));
  return [...section.querySelectorAll(":scope > .formula")].map((formula) => {
    const title = textOf(formula.querySelector("h3"));
    const topics = textOf(formula.querySelector(".formula-topics"));
    return { formula, words: words(`${title} ${topics} ${heading}`).map(stem) };
  });
}

function makeField(before) {
  const box = document.createElement("div");
  box.className = "formula-filter";
  const label = document.createElement("label");
  label.htmlFor = "formula-filter";
  label.textContent = "Show only formulas with";
  const input = document.createElement("input");
  input.id = "formula-filter";
  input.type = "search";
  input.autocomplete = "off";
  input.spellcheck = false;
  input.placeholder = "trace, quadratic form, inverse…";
  const status = document.createElement("p");
  status.setAttribute("role", "status");
  box.append(label, input, status);
  before.before(box);
  return { input, status };
}

function filter(groups, query, status) {
  const terms = words(query).map(stem);
  let shown = 0;
  let total = 0;
  for (const { section, entries } of groups) {
    let inSection = 0;
    for (const { formula, words: known } of entries) {
      const fits = terms.every((term) => known.some((word) => word.startsWith(term)));
      formula.hidden = !fits;
      inSection += fits;
    }
    section.hidden = inSection === 0;
    shown += inSection;
    total += entries.length;
  }
  if (!terms.length) status.textContent = `All ${total} are shown.`;
  else if (shown) status.textContent = `${shown} of ${total} for “${query.trim()}”.`;
  else status.textContent = `Nothing found for “${query.trim()}”. Try fewer words, or shorter ones.`;
}

{
  const sections = [...document.querySelectorAll("section:has(> .formula)")];
  const groups = sections.map((section) => ({ section, entries: entriesOf(section) }));
  if (groups.length) {
    const { input, status } = makeField(sections[0]);
    const update = () => filter(groups, input.value, status);
    input.value = new URLSearchParams(location.search).get("q") ?? "";
    input.addEventListener("input", update);
    // A link to a formula that is hidden, or to its section, must still lead there.
    addEventListener("hashchange", () => {
      const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
      if (!target?.closest("[hidden]")) return;
      input.value = "";
      update();
      target.scrollIntoView();
    });
    update();
  }
}
