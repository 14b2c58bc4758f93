// Loaded before the page is drawn, so that a dark screen does not flash white.
(() => {
  const darkness = window.matchMedia("(prefers-color-scheme: dark)");
  const follow = () => {
    document.documentElement.dataset.bsTheme = darkness.matches ? "dark" : "light";
  };
  darkness.addEventListener("change", follow);
  follow();
})();
