// Sums a drawer up while it is counted: the total, the difference in words, what stays and what goes to the safe.
// Enter moves on; htmx keeps what is typed (templates/closing/count.html). Without it the server does the same after 「次へ」.
(() => {
  const yen = (amount) => `${amount < 0 ? "-" : ""}¥${Math.abs(amount).toLocaleString("ja-JP")}`;

  // As the server reads them: １２，３００, ¥12,300 and 12300円 are 12300; what is no number is NaN, an empty field null.
  const typed = (input) => {
    const bare = input.value.normalize("NFKC").replace(/[,¥円枚\s]/g, "");
    return bare === "" ? null : /^\d+$/.test(bare) ? Number(bare) : NaN;
  };
  const isNumber = (number) => number !== null && !Number.isNaN(number);

  const watch = (drawer) => {
    const part = (name) => drawer.querySelector(`[data-${name}]`);
    const input = (name) => drawer.querySelector(`input[name$="-${name}"]`);
    const pieces = [...drawer.querySelectorAll("[data-denomination]")];
    const carried = input("carry_over");
    const reason = input("reason");
    const proposal = Number(drawer.dataset.float);
    const expected = Number(drawer.dataset.expected);

    const counting = () => drawer.querySelector('input[name$="-counting"]:checked')?.value;
    const worth = (piece) => Number(piece.dataset.denomination) * (typed(piece) ?? 0);

    const counted = () => {
      if (counting() === "TOTAL") return typed(input("actual_cash"));
      if (counting() !== "PIECES") return null;
      return pieces.every((piece) => typed(piece) === null) ? null : pieces.reduce((sum, piece) => sum + worth(piece), 0);
    };

    const showPieces = () =>
      pieces.forEach((piece) => {
        const sum = worth(piece);
        piece.closest(".piece").querySelector("[data-piece-sum]").textContent = sum > 0 ? yen(sum) : "";
      });

    const showDifference = (difference) => {
      const words = part("difference").dataset;
      const amount = yen(Math.abs(difference));
      part("difference").textContent = difference === 0 ? words.none : `${difference > 0 ? words.over : words.short} ${amount}`;
      part("result").classList.toggle("is-off", difference !== 0);
    };

    // Somebody who has typed a reason, or must mend it, sees it whatever the difference is.
    const showReason = (difference) => {
      const isNeeded = Math.abs(difference) > Number(drawer.dataset.tolerance);
      part("reason").hidden = !isNeeded && !reason.value && !reason.matches(".is-invalid");
    };

    const showCarried = (actual) => {
      part("pickup").textContent = "－";
      if (!isNumber(actual)) return;
      if (!("typed" in carried.dataset)) carried.value = Math.min(proposal, actual);
      const left = typed(carried);
      if (isNumber(left)) part("pickup").textContent = yen(actual - left);
    };

    const show = () => {
      const way = counting();
      drawer.querySelectorAll("[data-when]").forEach((block) => (block.hidden = !block.dataset.when.split(" ").includes(way)));
      const actual = counted();
      showPieces();
      part("result").hidden = !isNumber(actual);
      if (isNumber(actual)) part("actual").textContent = yen(actual);
      if (isNumber(actual)) showDifference(actual - expected);
      else part("hints").replaceChildren();
      showReason(isNumber(actual) ? actual - expected : 0);
      // 中締め carries nothing over.
      if (carried) showCarried(actual);
    };

    const isOurs = (left) => left === null || left === proposal || left === Math.min(proposal, counted() ?? proposal);
    if (carried && !isOurs(typed(carried))) carried.dataset.typed = "";
    carried?.addEventListener("input", () => (carried.dataset.typed = ""));
    drawer.addEventListener("input", show);
    window.addEventListener("pageshow", show);
    show();
  };

  // Enter goes from field to field and ends at the button; it never sends by accident, nor while a word is being converted.
  const moveOn = (event) => {
    if (event.key !== "Enter" || event.isComposing || !event.target.matches("input")) return;
    event.preventDefault();
    const stops = [...event.target.form.querySelectorAll("[data-count] input, [data-next]")].filter((stop) => stop.offsetParent !== null);
    const next = stops.slice(stops.indexOf(event.target) + 1).find((stop) => stop.type !== "radio");
    if (event.repeat) return;
    next?.focus();
    next?.select?.();
  };

  // What could not be kept is tried again when the line is back, and when the page is left.
  const keep = (drawer) => {
    let isKept = true;
    const tell = (trouble) =>
      drawer.querySelectorAll("[data-trouble]").forEach((line) => (line.hidden = line.dataset.trouble !== trouble));
    const again = () => isKept || htmx.trigger(drawer, "keep");

    drawer.addEventListener("input", () => (isKept = false));
    drawer.addEventListener("htmx:sendError", () => tell("unsaved"));
    drawer.addEventListener("htmx:responseError", () => tell("unsaved"));
    drawer.addEventListener("htmx:beforeSwap", (event) => {
      const { xhr, pathInfo } = event.detail;
      // The sign-in has answered: its page does not belong here.
      const isAnswered = new URL(xhr.responseURL).pathname === pathInfo.requestPath;
      event.detail.shouldSwap &&= isAnswered;
      isKept = isAnswered && xhr.status < 400;
      if (xhr.status < 400) tell(isAnswered ? "" : "signed-out");
    });
    window.addEventListener("online", again);
    document.addEventListener("visibilitychange", () => document.hidden && again());
  };

  const drawers = [...document.querySelectorAll("[data-count]")];
  drawers.forEach(watch);
  drawers.forEach(keep);
  drawers[0]?.closest("form").addEventListener("keydown", moveOn);
  document.querySelector("[data-count] .is-invalid")?.focus();
})();
