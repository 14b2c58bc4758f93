// Names what can be seen of the page, without its words: each element as its tag, classes, role and state, inside those around it.
// Marks what is not among the shapes known so far, and returns the shapes of that.
(known) => {
  const STATES = ["type", "role", "aria-current", "aria-invalid", "aria-disabled", "disabled", "readonly", "checked", "hidden"];
  const MARK = "data-new";

  const look = (element) => {
    const states = STATES.filter((name) => element.hasAttribute(name)).map((name) => `${name}=${element.getAttribute(name)}`);
    return [element.localName, ...element.classList, ...states].join(".");
  };

  const shape = (element) => [element.parentElement?.parentElement, element.parentElement, element].filter(Boolean).map(look).join(" > ");

  const seen = new Set(known);
  const found = new Set();
  for (const element of document.body.querySelectorAll("*")) {
    element.removeAttribute(MARK);
    if (!element.checkVisibility({ visibilityProperty: true })) continue;
    const its = shape(element);
    if (seen.has(its)) continue;
    element.setAttribute(MARK, "");
    found.add(its);
  }
  return [...found];
};
