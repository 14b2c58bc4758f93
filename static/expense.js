// Begins at the reason, shows the fields of a receipt only for reasons that are expenses, and the number only when the receipt has one.
document.querySelectorAll("[data-expense-form]").forEach((form) => {
  const part = form.querySelector("[data-expense-part]");
  const reason = form.querySelector('select[name="reason"]');
  const number = form.querySelector('input[name="registration_no"]')?.closest(".field");

  const show = () => {
    if (!part) return;
    part.hidden = reason.selectedOptions[0]?.dataset.expense === undefined;
    number.hidden = form.querySelector('input[name="registered"]:checked')?.value !== "YES";
  };

  form.addEventListener("change", show);
  window.addEventListener("pageshow", show);
  show();
  (form.querySelector(".is-invalid") ?? reason)?.focus();
});
