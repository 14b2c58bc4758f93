// The calendar of 連携状況 as a grid: arrow keys move, Enter opens, Space and Shift choose days, and the bar below acts on them.
// Without it the squares are links and each has its box.
(() => {
  const form = document.querySelector("[data-calendar]");
  if (!form) return;
  const table = form.querySelector("table");
  const panel = form.closest(".calendar-panel");
  const [mode, acts] = [panel.querySelector("[data-mode]"), form.querySelector("[data-acts]")];
  const rows = [...table.rows];
  const width = rows[0].cells.length;
  const inWeeks = matchMedia("(width < 48rem)");
  const boxOf = (cell) => cell.querySelector("input");
  const targetOf = (cell) => cell.querySelector("a") ?? cell;
  const boxes = [...table.querySelectorAll("input")];
  const place = (cell) => ({ row: cell.parentElement.rowIndex, column: cell.cellIndex });
  const cellAt = ({ row, column }) => rows[row]?.cells[column];
  const clamp = (number, last) => Math.max(0, Math.min(number, last));

  // Moving

  let current = null;

  const moveTo = (cell) => {
    if (current) targetOf(current).tabIndex = -1;
    current = cell;
    targetOf(cell).tabIndex = 0;
  };

  const focus = (cell) => {
    moveTo(cell);
    targetOf(cell).focus();
  };

  // In weeks the day above is a week ago, and over the first week lies the store before.
  const above = ({ row, column }, direction) => {
    if (!inWeeks.matches || column === 0) return { row: clamp(row + direction, rows.length - 1), column };
    const day = column + 7 * direction;
    if (day >= 1 && day < width) return { row, column: day };
    const next = clamp(row + direction, rows.length - 1);
    const weekday = (column - 1) % 7;
    return { row: next, column: direction > 0 ? weekday + 1 : weekday + 1 + 7 * Math.floor((width - 2 - weekday) / 7) };
  };

  const steps = {
    ArrowLeft: ({ row, column }) => ({ row, column: clamp(column - 1, width - 1) }),
    ArrowRight: ({ row, column }) => ({ row, column: clamp(column + 1, width - 1) }),
    ArrowUp: (from) => above(from, -1),
    ArrowDown: (from) => above(from, 1),
    Home: ({ row }, event) => ({ row: event.ctrlKey ? 1 : row, column: 1 }),
    End: ({ row }, event) => ({ row: event.ctrlKey ? rows.length - 1 : row, column: width - 1 }),
  };

  const turnMonth = (direction) => {
    const link = panel.querySelector(`[data-month=${direction}]`);
    location.assign(`${link.getAttribute("href")}#${current.parentElement.dataset.store ?? ""}/${current.cellIndex}`);
  };

  // Choosing

  let anchor = null;
  let before = new Set();
  const isChoosing = () => table.classList.contains("is-choosing");

  const choose = (cells, on) => {
    cells.map(boxOf).forEach((box) => box && (box.checked = on));
    refresh();
  };

  const begin = (cell) => {
    anchor = place(cell);
    before = new Set(boxes.filter((box) => box.checked));
  };

  const extendTo = (cell) => {
    const [to, from] = [place(cell), anchor];
    const isWithin = ({ row, column }) =>
      row >= Math.min(from.row, to.row) && row <= Math.max(from.row, to.row) && column >= Math.min(from.column, to.column) && column <= Math.max(from.column, to.column);
    boxes.forEach((box) => (box.checked = before.has(box) || isWithin(place(box.closest("td")))));
    refresh();
  };

  const isChosen = (cell) => Boolean(boxOf(cell)?.checked);
  const lineOf = (header) => (header.parentElement === rows[0] ? rows.slice(1).map((row) => row.cells[header.cellIndex]) : [...header.parentElement.cells].slice(1));

  const toggle = (cell) => {
    if (cell.tagName === "TD") {
      choose([cell], !isChosen(cell));
      return begin(cell);
    }
    const line = cell.cellIndex || cell.parentElement !== rows[0] ? lineOf(cell) : rows.slice(1).flatMap((row) => [...row.cells].slice(1));
    const choosable = line.filter(boxOf);
    choose(choosable, !choosable.every(isChosen));
  };

  const refresh = () => {
    const chosen = boxes.filter((box) => box.checked).map((box) => box.closest("td"));
    boxes.forEach((box) => box.closest("td").setAttribute("aria-selected", box.checked));
    if (!acts) return;
    acts.hidden = !chosen.length;
    const words = acts.querySelector("[data-chosen]");
    words.textContent = words.dataset.words.replace("%s", chosen.length);
    acts.querySelectorAll("[data-states]").forEach((button) => {
      const states = button.dataset.states.split(" ");
      const fitting = chosen.filter((cell) => states.includes(cell.dataset.state)).length;
      button.hidden = !fitting;
      button.querySelector("[data-fitting]").textContent = ` (${fitting})`;
    });
  };

  const setChoosing = (on) => {
    table.classList.toggle("is-choosing", on);
    mode.setAttribute("aria-pressed", on);
  };

  // What keys and pointer do

  const press = (event, cell) => {
    if (event.key === " ") return toggle(cell);
    if (event.key === "a") return choose([...table.querySelectorAll("td")], true);
    if (event.key === "Enter") return cell.tagName === "TH" ? toggle(cell) : targetOf(cell).click();
    if (event.key.startsWith("Page")) return turnMonth(event.key === "PageUp" ? "before" : "after");
    const next = cellAt(steps[event.key](place(cell), event));
    if (event.shiftKey && !anchor) begin(cell);
    if (!event.shiftKey) anchor = null;
    focus(next);
    if (event.shiftKey) extendTo(next);
  };

  table.addEventListener("keydown", (event) => {
    const cell = event.target.closest("th, td");
    const isOurs = event.key in steps || [" ", "Enter", "PageUp", "PageDown"].includes(event.key) || (event.key === "a" && (event.ctrlKey || event.metaKey));
    if (!isOurs || event.altKey || (event.key === "Enter" && (event.ctrlKey || event.metaKey))) return;
    event.preventDefault();
    press(event, cell);
  });

  table.addEventListener("click", (event) => {
    const cell = event.target.closest("th, td");
    if (!cell || !boxes.length || event.detail === 0) return;
    if (cell.tagName === "TH") return inWeeks.matches && !isChoosing() ? undefined : toggle(cell);
    if (!isChoosing() && !event.shiftKey) return;
    event.preventDefault();
    moveTo(cell);
    if (event.shiftKey && anchor) extendTo(cell);
    else toggle(cell);
  });

  // Dragging with the mouse, while days are being chosen.
  table.addEventListener("dragstart", (event) => isChoosing() && event.preventDefault());
  table.addEventListener("pointerdown", (event) => {
    const cell = event.target.closest("td");
    if (cell && isChoosing() && event.pointerType === "mouse" && !event.shiftKey) begin(cell);
  });
  table.addEventListener("pointerover", (event) => {
    const cell = event.target.closest("td");
    const isDragged = isChoosing() && event.pointerType === "mouse" && event.buttons === 1 && anchor;
    if (cell && isDragged && cell !== cellAt(anchor)) extendTo(cell);
  });
  table.addEventListener("focusin", (event) => moveTo(event.target.closest("th, td")));

  mode?.addEventListener("click", () => setChoosing(!isChoosing()));
  form.addEventListener("reset", () => {
    setChoosing(false);
    setTimeout(refresh);
  });
  // Back from the preview the boxes are as they were.
  window.addEventListener("pageshow", refresh);

  // Where the keys begin: where they were in the month before, else today.
  const start = () => {
    const [store, column] = location.hash.slice(1).split("/");
    const row = rows.find((one) => one.dataset.store === store);
    if (column) return { cell: cellAt({ row: row?.rowIndex ?? 1, column: clamp(Number(column) || 1, width - 1) }), isAsked: true };
    return { cell: cellAt({ row: 1, column: rows[0].querySelector("[aria-current]")?.cellIndex ?? 1 }), isAsked: false };
  };

  const makeGrid = () => {
    table.setAttribute("role", "grid");
    if (boxes.length) table.setAttribute("aria-multiselectable", "true");
    table.classList.add("is-live");
    table.classList.toggle("can-choose", boxes.length > 0);
    rows.forEach((row) => row.setAttribute("role", "row"));
    [...table.querySelectorAll("th, td")].forEach((cell) => {
      const header = cell.scope === "col" ? "columnheader" : "rowheader";
      cell.setAttribute("role", cell.tagName === "TH" ? header : "gridcell");
      targetOf(cell).tabIndex = -1;
    });
    boxes.forEach((box) => (box.tabIndex = -1));
    panel.querySelector("[data-keys-hint]").hidden = false;
    if (!acts) return;
    mode.hidden = panel.querySelector("[data-choosing-hint]").hidden = !boxes.length;
    acts.querySelector("[data-none]").hidden = false;
  };

  makeGrid();
  const { cell, isAsked } = start();
  if (isAsked) focus(cell);
  else moveTo(cell);
  refresh();
})();
