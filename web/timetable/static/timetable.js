// The calendar: a date of a slot is dragged to another hour; what then happens is asked in a dialog, as on its page.
"use strict";
(() => {
  const dialog = document.getElementById("move");
  const zone = document.getElementById("zone");
  let moving = null;

  zone.addEventListener("change", () => zone.form.requestSubmit());
  zone.form.querySelector("button").hidden = true;

  const clear = () => document.querySelectorAll(".hour.over").forEach((each) => each.classList.remove("over"));

  document.addEventListener("dragstart", (event) => {
    const entry = event.target.closest && event.target.closest(".entry.moves");
    if (!entry) return;
    moving = entry.getAttribute("href");
    event.dataTransfer.effectAllowed = "move";
    entry.classList.add("dragged");
  });
  document.addEventListener("dragover", (event) => {
    const hour = moving && event.target.closest(".hour");
    if (!hour) return;
    event.preventDefault();
    clear();
    hour.classList.add("over");
  });
  document.addEventListener("drop", (event) => {
    const hour = moving && event.target.closest(".hour");
    if (!hour) return;
    event.preventDefault();
    ask(moving + "?to=" + encodeURIComponent(hour.dataset.to));
  });
  document.addEventListener("dragend", () => {
    moving = null;
    clear();
    document.querySelectorAll(".entry.dragged").forEach((each) => each.classList.remove("dragged"));
  });

  async function ask(address) {
    try {
      const answer = await fetch(address, { headers: { "X-Fragment": "1" } });
      if (!answer.ok) return location.assign(address);
      dialog.innerHTML = await answer.text();
      dialog.showModal();
    } catch {
      location.assign(address);
    }
  }
})();
