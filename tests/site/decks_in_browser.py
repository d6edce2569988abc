"""What a real browser is asked about a deck; like `browser`, every question returns a list of complaints."""

from playwright.sync_api import Page

# Smaller letters than this could not be read in the last row; the deck should have been cut otherwise.
SMALLEST = 0.65


def ready(page: Page) -> Page:
    """Wait until reveal.js has started."""
    page.wait_for_selector(".reveal.ready")
    return page


def overflow(page: Page) -> list[str]:
    """Slides from which something sticks out, or on which the letters had to be made too small."""
    return page.evaluate(
        """(smallest) => {
          document.body.classList.add("measuring");
          const complaints = [];
          const slides = [...document.querySelectorAll(".slides section:not(.stack)")];
          slides.forEach((slide, n) => {
            const content = slide.querySelector(".content");
            const box = content.getBoundingClientRect();
            const says = (what) => complaints.push(`slide ${n + 1}: ${what}`);
            if (box.bottom - box.top < 100) says("no room");
            if (Number(content.dataset.shrunk ?? 1) < smallest) says(`shrunk to ${content.dataset.shrunk}`);
            const outside = [...content.querySelectorAll("*")].filter((e) => {
              if (e.closest(".katex-mathml")) return false;
              const { left, right, top, bottom, width, height } = e.getBoundingClientRect();
              if (!width || !height || !e.matches("p, li, img, pre, td, .mord, .admonition")) return false;
              // A letter's box is higher than what is drawn of it.
              const high = e.matches(".mord") ? 0 : Math.max(box.top - top, bottom - box.bottom);
              return Math.max(box.left - left, right - box.right, high) > 2;
            });
            if (outside.length) says(`${outside[0].outerHTML.slice(0, 120)} sticks out`);
            if (content.scrollHeight > content.clientHeight + 1) says("too high");
            if (!content.innerText.trim() && !content.querySelector("img")) says("empty");
          });
          document.body.classList.remove("measuring");
          return complaints;
        }""",
        SMALLEST,
    )


def walk(page: Page) -> list[str]:
    """Press the space bar until nothing is left: every step of every slide, to the last one."""
    steps = page.evaluate(
        """Reveal.getTotalSlides() + [...document.querySelectorAll(".slides section")].reduce((sum, slide) =>
             sum + new Set([...slide.querySelectorAll(":scope > .content .fragment")]
               .map((e) => e.dataset.fragmentIndex)).size, 0)"""
    )
    for _ in range(steps):
        page.keyboard.press("Space")
    hidden = page.evaluate("Reveal.getCurrentSlide().querySelectorAll('.fragment:not(.visible)').length")
    last = page.evaluate("Reveal.isLastSlide()")
    return ([] if last else [f"the last slide is not reached in {steps} steps"]) + (
        [f"{hidden} parts of the last slide are hidden"] if hidden else []
    )
