// The filter of the formula index: every word typed must begin a word of a formula's title, topics or section.

const words = (text) => text.normalize("NFKD").toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
const stem = (word) => (word.length > 3 ? word.replace(/s$/, "") : word);
const textOf = (element) => element?.textContent ?? "";

function entriesOf(section) {
  const heading = textOf(section.querySelector(":scope > h2"));
  return [...section.querySelectorAll(":scope .formula")].map((formula) => {
    const known = ["formula-words", "formula-title"].map((name) => textOf(formula.querySelector(`.${name}`)));
    return { formula, words: words(`${known.join(" ")} ${heading}`).map(stem) };
  });
}

// Each entry gives its LaTeX, in the layout that is shown.
function addCopying(formula) {
  const fold = formula.querySelector(".formula-more > div");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = "Copy …";
  button.addEventListener("click", () => {
    const shown = (cell) => [...cell.querySelectorAll(".katex")].filter((one) => one.checkVisibility()).map(texOf).join("");
    const [what, value] = [formula.cells[0], formula.cells[1]].map(shown);
    const tex = `${what} = ${value.replace(/^\\displaystyle /, "")}`;
    const code = [...fold.querySelectorAll(".formula-code")].map((line) => {
      const text = [...line.querySelectorAll("code")].find((one) => one.checkVisibility()).textContent;
      return [`Copy ${line.firstChild.textContent.trim()}`, () => text];
    });
    openMenu(button, "This formula", [...latexItems(tex), ...code]);
  });
  fold.append(button);
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
  box.append(label, input, document.querySelector(".layout-switch").cloneNode(true), status);
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
  const sections = [...document.querySelectorAll("section:has(> .table-scroll .formula)")];
  const groups = sections.map((section) => ({ section, entries: entriesOf(section) }));
  if (groups.length) {
    const { input, status } = makeField(sections[0]);
    document.querySelectorAll(".formula:has(.formula-more)").forEach(addCopying);
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
