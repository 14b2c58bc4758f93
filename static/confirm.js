// A form (or one of its buttons) with data-confirm="…" asks in a dialog before it is sent;
// with data-confirm-danger the dialog's default is to cancel. Every POST form is sent only once.
(() => {
  const dialog = document.getElementById("confirm");
  let waiting = null;

  const ask = (form, submitter, question) => {
    waiting = { form, submitter };
    dialog.querySelector(".confirm-question").textContent = question;
    const dangerous = form.matches("[data-confirm-danger]") || submitter?.matches("[data-confirm-danger]");
    dialog.classList.toggle("is-dangerous", Boolean(dangerous));
    dialog.returnValue = "";
    dialog.showModal();
    dialog.querySelector(dangerous ? "[value=cancel]" : "[value=ok]").focus();
  };

  const buttonsOf = (form) => [...form.elements].filter((element) => element.type === "submit");

  const lock = (form) => {
    form.dataset.sending = "";
    form.setAttribute("aria-busy", "true");
    // After the event: a disabled button's own name and value would not be sent.
    setTimeout(() => buttonsOf(form).forEach((button) => (button.disabled = true)));
  };

  const unlock = (form) => {
    delete form.dataset.sending;
    form.removeAttribute("aria-busy");
    buttonsOf(form).forEach((button) => (button.disabled = false));
  };

  const isSentOnce = (form) => form.method === "post" && !form.hasAttribute("hx-post");

  dialog.addEventListener("close", () => {
    const answered = waiting;
    waiting = null;
    if (dialog.returnValue !== "ok" || !answered) return;
    answered.form.dataset.confirmed = "";
    answered.form.requestSubmit(answered.submitter);
  });

  // Capturing, so that a question is asked before htmx sees the event.
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      const question = event.submitter?.dataset.confirm ?? form.dataset.confirm;
      const isConfirmed = "confirmed" in form.dataset;
      delete form.dataset.confirmed;
      if ("sending" in form.dataset || (question && !isConfirmed)) {
        event.preventDefault();
        event.stopPropagation();
        if (!("sending" in form.dataset)) ask(form, event.submitter, question);
        return;
      }
      if (isSentOnce(form)) lock(form);
    },
    true,
  );

  // Back to a page that the browser kept: its forms can be used again.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("form[data-sending]").forEach(unlock);
  });
})();
