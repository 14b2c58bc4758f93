// Says whether the element has the focus, and whether whatever has it shows that and is not behind something else.
(target) => {
  const here = document.activeElement;
  const isReached = here === target;
  if (here === document.body || here.matches("main, [tabindex='-1']")) return { isReached, isSeen: true, name: "the page" };

  const shows = (element) => {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
    return (outlineStyle !== "none" && outlineWidth !== "0px") || boxShadow !== "none";
  };
  const isOnTop = [...here.getClientRects()].some((box) => {
    const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    return top && (here.contains(top) || top.contains(here) || top.closest("label")?.control === here);
  });
  const name = `${here.localName} ${here.getAttribute("aria-label") ?? here.name ?? ""} ${here.textContent.trim().slice(0, 40)}`;
  return { isReached, isSeen: [here, here.parentElement, here.nextElementSibling].some((each) => each && shows(each)) && isOnTop, name };
};
