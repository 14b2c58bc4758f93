// Gives the focus to everything in the selection that Tab reaches, and names what then looks as before or cannot be seen.
(selection) => {
  const CONTROLS = "a[href], button, input, select, textarea, summary, [tabindex='0']";

  const isReached = (element) =>
    !element.disabled && element.tabIndex >= 0 && element.type !== "hidden" && element.checkVisibility({ visibilityProperty: true });

  const looks = (element) => {
    const { outlineStyle, outlineWidth, outlineColor, boxShadow, borderColor, backgroundColor } = getComputedStyle(element);
    const outline = outlineStyle === "none" ? "" : `${outlineStyle} ${outlineWidth} ${outlineColor}`;
    return [outline, boxShadow, borderColor, backgroundColor].join(" | ");
  };

  // A switch or a card may show the focus of the field inside it.
  const looksOfAll = (element) => [element, element.parentElement, element.nextElementSibling].filter(Boolean).map(looks).join(" || ");

  const isOnTop = (element) =>
    [...element.getClientRects()].some((box) => {
      // A table may be taller than the window.
      const middle = (Math.max(box.top, 0) + Math.min(box.bottom, innerHeight)) / 2;
      return [0.1, 0.5, 0.9].some((across) => {
        const top = document.elementFromPoint(box.left + box.width * across, middle);
        // A menu lies over the page while somebody has it open, and then that is what she reads.
        return top && (element.contains(top) || top.contains(element) || top.closest("label")?.control === element || top.closest(".more-actions[open]"));
      });
    });

  const named = (element) => `${element.tagName.toLowerCase()}.${[...element.classList].join(".")} ${(element.textContent || element.name || "").trim().slice(0, 30)}`;

  const complaintsAbout = (element) => {
    document.activeElement.blur();
    const before = looksOfAll(element);
    element.focus();
    if (document.activeElement !== element) return [];
    return [
      ...(looksOfAll(element) === before ? [`focus not visible: ${named(element)}`] : []),
      ...(isOnTop(element) ? [] : [`focus obscured: ${named(element)}`]),
    ];
  };

  return [...document.querySelectorAll(selection)].filter((element) => element.matches(CONTROLS) && isReached(element)).flatMap(complaintsAbout);
};
