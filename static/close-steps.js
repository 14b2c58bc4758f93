// Says which step of the close is shown, to readers of the screen too. Which one it is, the address says (:target in count.css),
// so that going back and loading again are right by themselves.
(() => {
  const form = document.querySelector(".close-steps");
  const steps = [...form.querySelectorAll(".step")];
  const marks = [...form.querySelectorAll(".progress-step")];

  const show = () => {
    const shown = steps.findIndex((step) => step.offsetParent !== null);
    marks.forEach((mark, place) => {
      if (place === shown) mark.setAttribute("aria-current", "step");
      else mark.removeAttribute("aria-current");
    });
  };

  window.addEventListener("hashchange", () => {
    show();
    document.querySelector(".page-title").scrollIntoView({ block: "nearest" });
  });
  window.addEventListener("pageshow", show);
  show();
})();
