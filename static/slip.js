// Adds a slip up while it is typed: the tax in each amount, the total, what is left to pay, cash and change.
// Without it the server does the same after 「確定」.
(() => {
  const form = document.querySelector("[data-slip]");
  const round = { ROUND_DOWN: Math.floor, HALF_UP: Math.round, ROUND_UP: Math.ceil }[form.dataset.slip];
  const part = (name) => form.querySelector(`[data-${name}]`);
  const inputs = (prefix) => [...form.querySelectorAll(`input[name^="${prefix}_"]`)];
  const input = (name) => form.querySelector(`input[name="${name}"]`);
  const yen = (amount) => `${amount < 0 ? "-" : ""}¥${Math.abs(amount).toLocaleString("ja-JP")}`;

  const amounts = inputs("amount");
  const payments = inputs("paid");
  const cash = form.querySelector("[data-cash]");
  const [tendered, change] = [input("tendered"), input("change")];
  let paying = payments[0];

  // As the server reads them: １２，３００, ¥12,300 and 12300円 are 12300; what is no number counts as nothing.
  const typed = (field) => {
    const bare = field.value.normalize("NFKC").replace(/[,¥円枚\s]/g, "");
    return /^-?\d+$/.test(bare) ? Number(bare) : 0;
  };
  const sum = (fields) => fields.reduce((total, field) => total + typed(field), 0);
  const rest = (but) => sum(amounts) - sum(payments.filter((field) => field !== but));

  // What was worked out here is worked out again; what somebody typed stays.
  const isOurs = (field) => field.value === "" || "workedOut" in field.dataset;
  const workOut = (field, amount) => {
    field.value = amount > 0 ? amount : "";
    field.dataset.workedOut = "";
  };

  const showTaxes = () =>
    amounts.filter((field) => field.dataset.percent).forEach((field) => {
      const percent = Number(field.dataset.percent);
      const tax = input(field.name.replace("amount_", "tax_"));
      tax.placeholder = typed(field) ? round((typed(field) * percent) / (100 + percent)) : "";
    });

  const giveChange = () => {
    if (!cash || !typed(tendered)) return;
    if (isOurs(cash)) workOut(cash, Math.min(rest(cash), typed(tendered)));
    if (isOurs(change)) workOut(change, typed(tendered) - typed(cash));
  };

  const show = () => {
    showTaxes();
    giveChange();
    part("sums").hidden = sum(amounts) === 0;
    part("total").textContent = yen(sum(amounts));
    part("rest").textContent = yen(rest());
    part("rest").classList.toggle("is-off", rest() !== 0);
    part("fill-rest").disabled = rest() === 0;
  };

  const fillRest = (field) => {
    field.value = rest(field) || "";
    delete field.dataset.workedOut;
    show();
    field.focus();
  };

  payments.forEach((field) => {
    field.addEventListener("focus", () => (paying = field));
    field.addEventListener("keydown", (event) => {
      if (event.key !== "=" && event.key !== "＝") return;
      event.preventDefault();
      fillRest(field);
    });
  });
  part("fill-rest").addEventListener("click", () => fillRest(paying));
  form.addEventListener("input", (event) => {
    delete event.target.dataset.workedOut;
    show();
  });
  window.addEventListener("pageshow", show);
  (form.querySelector(".is-invalid") ?? amounts[0]).focus();
  show();
})();
