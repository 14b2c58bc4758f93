// Empties the first form of the page that has something to fill in, and marks it; says whether there is one.
() => {
  const FIELDS = "input:not([type=hidden], [type=checkbox], [type=radio], [type=file]), textarea";
  const form = [...document.querySelectorAll("main form[method=post]:not([hx-post])")].find((form) => form.querySelector(FIELDS));
  if (!form) return false;
  form.querySelectorAll(FIELDS).forEach((field) => (field.value = ""));
  form.dataset.empty = "";
  return true;
};
