// A reference shows what it leads to: under the mouse, with the focus, or when it is tapped.
{
  const DELAY = 250;
  const root = new URL(document.documentElement.dataset.root, location);
  const KNOWN = ".proof.admonition, .exercise.admonition, .citation";
  let box = null;
  let timer = 0;
  let wanted = null;

  // The page of a link, as the scripts name it, or "" for this page.
  function pageOf(link) {
    const target = new URL(link.href);
    if (target.pathname === location.pathname) return "";
    return target.pathname.slice(root.pathname.length).replace(/\.html$/, "");
  }

  function load(page) {
    if (globalThis.previews?.[page]) return Promise.resolve();
    return new Promise((resolve) => {
      const script = document.createElement("script");
      script.src = new URL(`previews/${page}.js`, root);
      script.onload = resolve;
      script.onerror = resolve;
      document.head.append(script);
    });
  }

  function fromHere(id) {
    const place = document.getElementById(id);
    if (!place?.matches(KNOWN)) return null;
    const copy = place.cloneNode(true);
    copy.querySelectorAll(".headerlink, .copy").forEach((extra) => extra.remove());
    [copy, ...copy.querySelectorAll("[id]")].forEach((part) => part.removeAttribute("id"));
    return copy.outerHTML;
  }

  async function contentOf(link) {
    const [page, id] = [pageOf(link), decodeURIComponent(link.hash.slice(1))];
    if (page === "") return fromHere(id);
    await load(page);
    return globalThis.previews?.[page]?.[id] ?? null;
  }

  function makeBox() {
    box = document.createElement("div");
    box.id = "preview";
    box.className = "panel";
    box.popover = "manual";
    box.addEventListener("pointerenter", () => clearTimeout(timer));
    box.addEventListener("pointerleave", hideSoon);
    document.body.append(box);
  }

  async function show(link, touched) {
    wanted = link;
    const content = await contentOf(link);
    if (content === null || wanted !== link) return content !== null;
    if (!box) makeBox();
    box.innerHTML = content;
    box.querySelectorAll("a").forEach((inner) => inner.replaceWith(...inner.childNodes));
    if (touched) box.append(goThere(link));
    box.showPopover();
    const { left, top, bottom } = link.getBoundingClientRect();
    const below = bottom + 6 + box.offsetHeight <= innerHeight || top < innerHeight / 2;
    box.style.left = `${Math.max(8, Math.min(left, innerWidth - box.offsetWidth - 8))}px`;
    box.style.top = `${below ? bottom + 6 : Math.max(8, top - 6 - box.offsetHeight)}px`;
    return true;
  }

  function goThere(link) {
    const onward = document.createElement("a");
    onward.href = link.href;
    onward.textContent = `Go to ${link.textContent}`;
    onward.addEventListener("click", hide);
    return onward;
  }

  function hide() {
    wanted = null;
    clearTimeout(timer);
    if (box?.matches(":popover-open")) box.hidePopover();
  }

  // A finger always leaves; what it has opened stays.
  function hideSoon({ pointerType }) {
    if (pointerType === "touch") return;
    clearTimeout(timer);
    timer = setTimeout(hide, DELAY);
  }

  function showSoon({ currentTarget: link, pointerType }) {
    if (pointerType === "touch") return;
    clearTimeout(timer);
    timer = setTimeout(() => show(link, false), DELAY);
  }

  // The first tap shows, the link in the preview leads on; what has no preview leads on at once.
  async function tap(event) {
    if (event.pointerType !== "touch") return;
    event.preventDefault();
    const link = event.currentTarget;
    if (!(await show(link, true))) location.href = link.href;
  }

  for (const link of document.querySelectorAll("main article a.internal[href*='#']:not(.headerlink)")) {
    link.addEventListener("pointerenter", showSoon);
    link.addEventListener("pointerleave", hideSoon);
    link.addEventListener("focus", () => { if (link.matches(":focus-visible")) show(link, false); });
    link.addEventListener("blur", hideSoon);
    link.addEventListener("click", tap);
  }
  addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
  addEventListener("pointerdown", (event) => { if (box && !box.contains(event.target)) hide(); });
}
