// What a page does beyond being read. Everything here is a convenience: the page is whole without it.

function colourSwitch() {
  const root = document.documentElement;
  const button = document.getElementById("colours");
  const show = () => button.setAttribute("aria-pressed", String(root.dataset.colours === "dark"));
  button.addEventListener("click", () => {
    root.dataset.colours = root.dataset.colours === "dark" ? "light" : "dark";
    try { localStorage.setItem("colours", root.dataset.colours); } catch { /* lasts for this page only */ }
    show();
  });
  show();
}

// One choice for the whole book: what is written for the other layout is not shown.
function layoutSwitch() {
  const root = document.documentElement;
  const show = () => document.querySelectorAll(".layout-switch strong").forEach((name) => {
    name.textContent = root.dataset.layout;
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest(".layout-switch")) return;
    root.dataset.layout = root.dataset.layout === "numerator" ? "denominator" : "numerator";
    try { localStorage.setItem("layout", root.dataset.layout); } catch { /* lasts for this page only */ }
    show();
  });
  show();
}

// A box that scrolls must be reachable by keyboard, and one that does not must not be a stop on the way.
// All boxes are measured before any is changed: each change would make the next measurement lay out the page.
function scrollBoxes() {
  const observer = new ResizeObserver((entries) => {
    const measured = entries.map(({ target }) => [target, target.scrollWidth > target.clientWidth]);
    for (const [box, scrolls] of measured) {
      if (scrolls === box.classList.contains("scrolls")) continue;
      box.classList.toggle("scrolls", scrolls);
      if (scrolls) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  });
  document.querySelectorAll(".math-scroll, .table-scroll, .cell_output, pre").forEach((box) => observer.observe(box));
}

// Late chapters would stand below the visible part of the contents. The page itself must not move.
function showWhereWeAre() {
  const contents = document.getElementById("contents");
  const current = contents.querySelector("a.current");
  const show = () => { contents.scrollTop = current.offsetTop - contents.clientHeight / 3; };
  if (!current) return;
  show();
  contents.addEventListener("toggle", show);
}

// The link that a JupyterHub with nbgitpuller understands.
function hubLink() {
  const form = document.getElementById("hub");
  if (!form) return;
  const field = form.querySelector("input");
  try { field.value = localStorage.getItem("hub") ?? ""; } catch { /* nothing remembered */ }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    try { localStorage.setItem("hub", field.value); } catch { /* not remembered */ }
    const { repository, branch, notebook } = form.dataset;
    const folder = repository.split("/").pop();
    const query = new URLSearchParams({ repo: repository, branch, urlpath: `lab/tree/${folder}/${notebook}` });
    location.href = `${field.value.replace(/\/+$/, "")}/hub/user-redirect/git-pull?${query}`;
  });
}

function keyboard() {
  addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.target.closest("input, textarea, [contenteditable]")) return;
    event.preventDefault();
    document.querySelector(".search input").focus();
  });
}

colourSwitch();
layoutSwitch();
showWhereWeAre();
scrollBoxes();
hubLink();
keyboard();
