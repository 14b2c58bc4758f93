// Everything that a page says in its own language: without what it marks as Japanese.
() => {
  const ATTRIBUTES = ["aria-label", "title", "placeholder", "alt"];
  const marked = new Set(document.querySelectorAll("[lang=ja], [lang=ja] *"));
  const rest = (selection) => [...document.querySelectorAll(selection)].filter((element) => !marked.has(element));
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const said = [];
  while (texts.nextNode()) {
    const { parentElement } = texts.currentNode;
    if (!marked.has(parentElement) && !parentElement.closest("script, style, template")) said.push(texts.currentNode.data);
  }
  return [...said, ...ATTRIBUTES.flatMap((name) => rest(`[${name}]`).map((element) => element.getAttribute(name)))].join(" ");
}
