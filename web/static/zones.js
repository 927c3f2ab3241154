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
