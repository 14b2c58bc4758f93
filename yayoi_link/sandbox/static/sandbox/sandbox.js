function ticked(name) {
  return document.querySelectorAll(`input[name="${name}"]:checked`).length;
}

function showTicked() {
  for (const counter of document.querySelectorAll("[data-counts-ticked]")) {
    const count = ticked(counter.dataset.countsTicked);
    counter.textContent = count ? `${count} / ${document.getElementsByName(counter.dataset.countsTicked).length}` : "";
  }
  for (const button of document.querySelectorAll("[data-needs-ticked]")) {
    button.disabled = !ticked(button.dataset.needsTicked);
  }
}

async function copy(button) {
  const input = document.getElementById(button.dataset.copies);
  input.select();
  await navigator.clipboard.writeText(input.value);
  button.textContent = button.dataset.copiedText;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.opens) document.getElementById(button.dataset.opens).showModal();
  if ("closes" in button.dataset) button.closest("dialog").close();
  if (button.dataset.copies) copy(button);
});

document.addEventListener("change", (event) => {
  const name = event.target.dataset.ticksAll;
  if (name) for (const box of document.getElementsByName(name)) box.checked = event.target.checked;
  showTicked();
});

// "pageshow" and not "load": going back restores ticks.
window.addEventListener("pageshow", showTicked);
