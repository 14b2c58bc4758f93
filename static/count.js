// Sums a drawer up while it is counted: the total, the difference in words, what stays and what goes to the safe.
// Without it the server does the same after 「確定」.
(() => {
  const yen = (amount) => `${amount < 0 ? "-" : ""}¥${Math.abs(amount).toLocaleString("ja-JP")}`;

  // As the server reads them: １２，３００, ¥12,300 and 12300円 are 12300; what is no number is NaN, an empty field null.
  const typed = (input) => {
    const bare = input.value.normalize("NFKC").replace(/[,¥円枚\s]/g, "");
    return bare === "" ? null : /^\d+$/.test(bare) ? Number(bare) : NaN;
  };

  const watch = (drawer) => {
    const part = (name) => drawer.querySelector(`[data-${name}]`);
    const input = (name) => drawer.querySelector(`input[name$="-${name}"]`);
    const pieces = [...drawer.querySelectorAll("[data-denomination]")];
    const carried = input("carry_over");
    const proposal = Number(drawer.dataset.float);
    const expected = Number(drawer.dataset.expected);

    const counting = () => drawer.querySelector('input[name$="-counting"]:checked')?.value;

    const counted = () => {
      if (counting() === "TOTAL") return typed(input("actual_cash"));
      const numbers = pieces.map(typed);
      if (numbers.every((number) => number === null)) return null;
      return pieces.reduce((sum, piece, index) => sum + Number(piece.dataset.denomination) * (numbers[index] ?? 0), 0);
    };

    const showDifference = (difference) => {
      const words = part("difference").dataset;
      const amount = yen(Math.abs(difference));
      part("difference").textContent = difference === 0 ? words.none : `${difference > 0 ? words.over : words.short} ${amount}`;
      part("result").classList.toggle("is-off", Math.abs(difference) > Number(drawer.dataset.tolerance));
    };

    const show = () => {
      const way = counting();
      drawer.querySelectorAll("[data-when]").forEach((block) => (block.hidden = !block.dataset.when.split(" ").includes(way)));
      const actual = counted();
      const isKnown = actual !== null && !Number.isNaN(actual);
      part("result").hidden = !isKnown;
      if (carried) part("pickup").textContent = "－";
      if (!isKnown) return;
      part("actual").textContent = yen(actual);
      showDifference(actual - expected);
      if (!carried) return;
      if (!("typed" in carried.dataset)) carried.value = Math.min(proposal, actual);
      const left = typed(carried);
      if (left !== null && !Number.isNaN(left)) part("pickup").textContent = yen(actual - left);
    };

    // 中締め carries nothing over.
    if (carried && typed(carried) !== proposal) carried.dataset.typed = "";
    carried?.addEventListener("input", () => (carried.dataset.typed = ""));
    drawer.addEventListener("input", show);
    window.addEventListener("pageshow", show);
    show();
  };

  document.querySelectorAll("[data-count]").forEach(watch);
  document.querySelector("[data-count] .is-invalid")?.focus();
})();
