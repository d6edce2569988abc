// Before the page is drawn: the colours that the reader chose, else those of the system.
{
  const system = matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => {
    try { return localStorage.getItem("colours"); } catch { return null; }
  };
  const apply = () => {
    document.documentElement.dataset.colours = chosen() ?? (system.matches ? "dark" : "light");
  };
  system.addEventListener("change", apply);
  apply();
}
