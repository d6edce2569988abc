// What a reader takes along: the LaTeX of a formula, the address of a place, its citation, a report of an error.

async function copyText(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  // Without a secure connection there is no clipboard but that of the selection.
  const field = document.createElement("textarea");
  field.value = text;
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}

const texOf = (formula) => typedTex(formula.querySelector("annotation").textContent);
// Alone, a formula does not end a sentence.
const bareTexOf = (formula) => texOf(formula).replace(/\s*[.,;]$/, "");
const displaysOf = (place) => [...place.querySelectorAll(".katex-display > .katex")].map(bareTexOf).join("\n\n");

// --- Copying what is selected ------------------------------------------------------------------------------

const formulaAround = (node) => (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement).closest(".katex");

// A formula can only be taken as a whole.
function widened(range) {
  const [first, last] = [formulaAround(range.startContainer), formulaAround(range.endContainer)];
  const wide = range.cloneRange();
  if (first) wide.setStartBefore(first);
  if (last) wide.setEndAfter(last);
  return { wide, single: first !== null && first === last };
}

function selectedText(range) {
  const { wide, single } = widened(range);
  const part = wide.cloneContents();
  const formulas = [...part.querySelectorAll(".katex")];
  if (!formulas.length) return null;
  for (const formula of formulas) {
    const display = formula.parentElement?.classList.contains("katex-display");
    const tex = texOf(formula);
    formula.replaceWith(single ? bareTexOf(formula) : display ? `\n$$\n${tex}\n$$\n` : `$${tex}$`);
  }
  part.querySelectorAll(".eqno, .headerlink, button").forEach((extra) => extra.remove());
  part.querySelectorAll("p, li, tr, div, h1, h2, h3").forEach((block) => block.append("\n"));
  return part.textContent.replace(/\n{3,}/g, "\n\n").trim();
}

function copySelection(event) {
  const selection = getSelection();
  if (selection.isCollapsed || event.target.closest?.("input, textarea")) return;
  const text = selectedText(selection.getRangeAt(0));
  if (text === null) return;
  event.clipboardData.setData("text/plain", text);
  event.preventDefault();
}

// --- The menu of a place -----------------------------------------------------------------------------------

function makeMenu() {
  const menu = document.createElement("div");
  menu.id = "place-menu";
  menu.className = "panel";
  menu.popover = "auto";
  document.body.append(menu);
  return menu;
}

function menuItem([words, take]) {
  const item = document.createElement(typeof take === "string" ? "a" : "button");
  item.className = "button";
  item.textContent = words;
  if (typeof take === "string") item.href = take;
  else {
    item.type = "button";
    item.addEventListener("click", async () => {
      await copyText(take());
      item.textContent = "Copied";
      setTimeout(() => item.closest("[popover]").hidePopover(), 700);
    });
  }
  return item;
}

// `items` are pairs: words, and a function that gives the text to copy, or an address.
function openMenu(anchor, title, items) {
  const menu = document.getElementById("place-menu") ?? makeMenu();
  const head = document.createElement("p");
  head.textContent = title;
  menu.replaceChildren(head, ...items.map(menuItem));
  menu.setAttribute("aria-label", title);
  menu.setAttribute("role", "dialog");
  menu.showPopover();
  const { left, bottom } = anchor.getBoundingClientRect();
  menu.style.left = `${Math.max(8, Math.min(left, innerWidth - menu.offsetWidth - 8))}px`;
  menu.style.top = `${Math.max(8, Math.min(bottom + 4, innerHeight - menu.offsetHeight - 8))}px`;
  menu.querySelector(".button").focus();
}

const latexItems = (tex) => [
  ["Copy LaTeX", () => tex],
  ["Copy LaTeX, plain letters", () => plainTex(tex)],
];

// --- A place: its address, its citation, a report ------------------------------------------------------------

const site = document.documentElement.dataset;
const publicAddress = (id) => `${document.querySelector("link[rel=canonical]")?.href ?? location.href.split("#")[0]}#${id}`;

function nameOf(place) {
  const title = place.querySelector(":scope > .admonition-title, :scope > :is(h1, h2, h3, h4)");
  const number = place.querySelector(":scope > .eqno");
  if (number) return `Equation ${number.firstChild.textContent}`;
  const copy = title?.cloneNode(true);
  copy?.querySelectorAll(".headerlink").forEach((link) => link.remove());
  copy?.querySelectorAll(".katex").forEach((formula) => formula.replaceWith(`$${texOf(formula)}$`));
  return copy?.textContent.trim().replace(/\s+/g, " ") ?? place.id;
}

function bibtex(place) {
  const fields = {
    title: site.title,
    author: `{${site.author}}`,
    year: site.year,
    note: nameOf(place),
    url: publicAddress(place.id),
  };
  const lines = Object.entries(fields).map(([field, value]) => `  ${field} = {${value}},`);
  return `@misc{matrix-derivatives:${place.id},\n${lines.join("\n")}\n}`;
}

function reportAddress(place) {
  const query = new URLSearchParams({ template: "error.yml", title: `[${place.id}] `, place: publicAddress(place.id) });
  return `${site.repository}/issues/new?${query}`;
}

function openPlace(link) {
  const place = document.getElementById(decodeURIComponent(link.hash.slice(1)));
  const items = [["Copy link", () => publicAddress(place.id)]];
  if (!place.matches("section")) items.push(...latexItems(displaysOf(place)));
  items.push(["Cite: copy BibTeX", () => bibtex(place)]);
  if (site.repository) items.push(["Report an error here", reportAddress(place)]);
  openMenu(link, nameOf(place), items);
}

function followPermalink(event) {
  const link = event.target.closest("a.headerlink");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  history.replaceState(null, "", link.hash);
  openPlace(link);
}

// --- Buttons -------------------------------------------------------------------------------------------------

function copyButton(words, act) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = words;
  button.addEventListener("click", () => act(button));
  return button;
}

async function copyCode(button, source) {
  await copyText(source.textContent);
  button.textContent = "Copied";
  setTimeout(() => { button.textContent = "Copy"; }, 1500);
}

// A long page has hundreds of displays: each gets its button when it comes near the screen.
function displayButtons() {
  const observer = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      observer.unobserve(target);
      const button = copyButton("TeX", () => openMenu(button, "This formula", latexItems(bareTexOf(target.querySelector(".katex")))));
      button.setAttribute("aria-label", "Copy this formula");
      target.append(button);
    }
  }, { rootMargin: "50%" });
  document.querySelectorAll("main div.math").forEach((display) => observer.observe(display));
}

for (const source of document.querySelectorAll("div.highlight > pre")) {
  source.after(copyButton("Copy", (button) => copyCode(button, source)));
}
displayButtons();
document.addEventListener("copy", copySelection);
document.addEventListener("click", followPermalink);
