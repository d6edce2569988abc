// Before the page is drawn: the colours that the reader chose, else those of the system; and the layout.
{
  const system = matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => {
    try { return localStorage.getItem("colours"); } catch { return null; }
  };
  const apply = () => {
    document.documentElement.dataset.colours = chosen() ?? (system.matches ? "dark" : "light");
  };
  const layouts = ["numerator", "denominator"];
  const asked = new URLSearchParams(location.search).get("layout");
  const kept = () => {
    try { return localStorage.getItem("layout"); } catch { return null; }
  };
  document.documentElement.dataset.layout = [asked, kept()].find((name) => layouts.includes(name)) ?? layouts[0];
  system.addEventListener("change", apply);
  apply();
}
