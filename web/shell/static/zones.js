// Finding a hamlet among many: what is typed is looked for in its name, its old names and without marks.
"use strict";
for (const field of document.querySelectorAll("[data-zones]")) {
  const search = field.querySelector("[data-zone-search]");
  const choices = [...field.querySelectorAll(".choice")];
  const groups = [...field.querySelectorAll(".zone-group")];
  const count = field.querySelector("[data-zone-count]");

  const folded = (text) => text.toLowerCase().replaceAll("đ", "d").normalize("NFD").replace(/\p{M}/gu, "");

  function find() {
    const words = folded(search.value).split(/\s+/).filter(Boolean);
    for (const choice of choices) {
      const names = folded(choice.dataset.names);
      choice.hidden = !words.every((word) => names.includes(word)) && !choice.querySelector("input").checked;
    }
    for (const group of groups) group.hidden = [...group.querySelectorAll(".choice")].every((choice) => choice.hidden);
  }

  function tell() {
    const chosen = choices.filter((choice) => choice.querySelector("input").checked);
    const names = chosen.map((choice) => choice.querySelector("span").textContent);
    count.textContent = names.length ? count.dataset.chosen + " " + names.join(", ") : "";
  }

  if (search) {
    search.closest(".field").hidden = false;
    search.addEventListener("input", (event) => {
      event.stopPropagation(); // looking for a place is no part of the text
      find();
    });
    search.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
  }
  field.addEventListener("change", tell);
  tell();
}

// The same boxes on a drawn map: a name there ticks its box in the list, and shows whether it is ticked.
for (const map of document.querySelectorAll("[data-zone-map]")) {
  const spots = [...map.querySelectorAll("[data-zone]")];
  const box = (spot) => document.querySelector(`input[name="zones"][value="${spot.dataset.zone}"]`);

  function show() {
    for (const spot of spots) spot.setAttribute("aria-checked", String(box(spot).checked));
  }

  function tick(spot) {
    box(spot).checked = !box(spot).checked;
    box(spot).dispatchEvent(new Event("input", { bubbles: true }));
    box(spot).dispatchEvent(new Event("change", { bubbles: true }));
  }

  map.hidden = false;
  map.addEventListener("click", (event) => {
    const spot = event.target.closest("[data-zone]");
    if (spot) tick(spot);
  });
  map.addEventListener("keydown", (event) => {
    const spot = event.target.closest("[data-zone]");
    if (!spot || ![" ", "Enter"].includes(event.key)) return;
    event.preventDefault();
    tick(spot);
  });
  document.addEventListener("change", show);
  show();
}
