// A long list of boxes is searched, and what it shows is ticked at once; how many are ticked is told.
document.querySelectorAll("[data-box-tools]").forEach((tools) => {
  const find = tools.querySelector("input");
  const told = tools.querySelector("output");
  const plain = (text) => text.normalize("NFKC").toLowerCase();
  const rows = [...document.getElementById(tools.dataset.boxTools).children].map((row) => ({
    row,
    box: row.querySelector("input"),
    name: plain(row.textContent),
  }));

  const tell = () => {
    const ticked = rows.filter(({ box }) => box.checked).length;
    told.textContent = told.dataset.said.replace("{ticked}", ticked.toLocaleString()).replace("{all}", rows.length.toLocaleString());
  };

  const show = () => {
    const words = plain(find.value).split(/\s+/).filter(Boolean);
    rows.forEach(({ row, name }) => (row.hidden = !words.every((word) => name.includes(word))));
  };

  find.addEventListener("input", show);
  // Enter searches here; it would send the form.
  find.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
  tools.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-check]");
    if (!button) return;
    rows.filter(({ row }) => !row.hidden).forEach(({ box }) => (box.checked = Boolean(button.dataset.check)));
    tell();
  });
  document.getElementById(tools.dataset.boxTools).addEventListener("change", tell);
  // Coming back, the browser ticks what was ticked.
  window.addEventListener("pageshow", tell);
  tools.hidden = false;
  tell();
});
