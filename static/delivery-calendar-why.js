// Why a day stands as it does: beside the square that has the keyboard's focus or the mouse over it. Esc puts it away, and the mouse
// may go over to it. Screen readers have the same text as the square's description.
(() => {
  const panel = document.querySelector("[data-why]");
  if (!panel) return;
  const table = document.querySelector("[data-calendar] table");
  const APPEARS = 150;
  const LINGERS = 250;
  const GAP = 6;
  let shown = null;
  let timer = 0;

  const textOf = (id) => document.getElementById(id)?.textContent ?? "";

  const fill = (square) => {
    const [store, date, word] = square.getAttribute("aria-labelledby").split(" ");
    const head = document.createElement("p");
    head.className = "calendar-why-day";
    const [where, state] = [document.createElement("span"), document.createElement("span")];
    where.textContent = `${textOf(store)} ${document.querySelector(`#${date} .visually-hidden`).textContent}`;
    state.textContent = textOf(word);
    head.append(where, state);
    const why = document.getElementById(square.getAttribute("aria-describedby"));
    panel.replaceChildren(head, ...[...why.children].map((part) => part.cloneNode(true)));
  };

  const lay = () => {
    if (!shown) return;
    const [square, own] = [shown.getBoundingClientRect(), panel.getBoundingClientRect()];
    if (square.bottom < 0 || square.top > innerHeight) return hide();
    const hasRoomBelow = square.bottom + GAP + own.height < innerHeight;
    panel.style.top = `${Math.max(GAP, hasRoomBelow ? square.bottom + GAP : square.top - GAP - own.height)}px`;
    panel.style.left = `${Math.max(GAP, Math.min(square.left, innerWidth - own.width - GAP))}px`;
  };

  const show = (square) => {
    clearTimeout(timer);
    shown = square;
    fill(square);
    panel.hidden = false;
    lay();
  };

  const hide = () => {
    clearTimeout(timer);
    shown = null;
    panel.hidden = true;
  };

  const later = (action, delay) => {
    clearTimeout(timer);
    timer = setTimeout(action, delay);
  };

  const focused = () => table.querySelector("a.square:focus-visible");
  const backToFocused = () => (focused() ? show(focused()) : hide());

  // Elsewhere too: what has the focus there is not to lie behind the panel.
  document.addEventListener("focusin", backToFocused);
  table.addEventListener("focusout", hide);
  table.addEventListener("pointerover", (event) => {
    const square = event.target.closest("td")?.querySelector("a.square");
    if (event.pointerType !== "mouse") return;
    if (square && square !== shown) later(() => show(square), APPEARS);
    else if (!square) later(backToFocused, LINGERS);
  });
  table.addEventListener("pointerleave", () => later(backToFocused, LINGERS));
  panel.addEventListener("pointerenter", () => clearTimeout(timer));
  panel.addEventListener("pointerleave", () => later(backToFocused, LINGERS));
  document.addEventListener("keydown", (event) => event.key === "Escape" && shown && hide());
  addEventListener("scroll", lay, { capture: true, passive: true });
  addEventListener("resize", lay);
})();
