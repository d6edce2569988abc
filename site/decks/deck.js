// Shrinks what is too wide or too high for its slide, then hands over to reveal.js.
{
  const SMALLEST = 0.5;

  // A formula, a table or code that is wider than the slide gets smaller letters.
  const narrow = (box) => {
    for (let factor = 1; box.scrollWidth > box.clientWidth + 1 && factor > SMALLEST; ) {
      factor *= Math.max(0.8, Math.min(0.98, box.clientWidth / box.scrollWidth));
      box.style.fontSize = `${factor}em`;
    }
  };

  const shorten = (content) => {
    for (let factor = 1; content.scrollHeight > content.clientHeight + 1 && factor > SMALLEST; ) {
      factor *= Math.max(0.9, Math.min(0.98, content.clientHeight / content.scrollHeight));
      content.style.fontSize = `${factor}em`;
      content.dataset.shrunk = factor.toFixed(2);
    }
  };

  // A font is loaded when a formula that needs it is laid out, so all slides are, before anything is measured.
  const loaded = async () => {
    document.body.classList.add("measuring");
    document.body.getBoundingClientRect();
    await Promise.all([...document.images].map((image) => image.decode().catch(() => {})));
    await document.fonts.ready;
  };

  const fit = () => {
    document.querySelectorAll(".math-scroll, .table-scroll, pre").forEach(narrow);
    document.querySelectorAll(".content").forEach(shorten);
    document.body.classList.remove("measuring");
  };

  loaded().then(() => {
    fit();
    Reveal.initialize({
      width: 1280,
      height: 720,
      margin: 0,
      center: false,
      hash: true,
      slideNumber: "c/t",
      showSlideNumber: "all",
      transition: "none",
      backgroundTransition: "none",
      pdfSeparateFragments: false,
      pdfMaxPagesPerSlide: 1,
      plugins: [RevealNotes],
    });
  });
}
