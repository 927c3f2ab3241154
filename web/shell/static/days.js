// The day in a date field in words, weekday and day first, whatever language the browser itself speaks.
"use strict";
(() => {
  const names = (document.body.dataset.weekdays || "").split("|");
  const two = (number) => String(number).padStart(2, "0");

  function words(value) {
    const found = /^(\d{4})-(\d\d)-(\d\d)/.exec(value);
    if (!found) return "";
    const [year, month, day] = found.slice(1).map(Number);
    const on = new Date(Date.UTC(year, month - 1, day));
    return `${names[(on.getUTCDay() + 6) % 7]}, ${two(day)}/${two(month)}/${year}`;
  }

  for (const field of document.querySelectorAll('input[type="date"], input[type="datetime-local"]')) {
    const said = document.createElement("span");
    said.className = "hint day-words";
    said.setAttribute("aria-live", "polite");
    field.after(said);
    const say = () => (said.textContent = words(field.value));
    field.addEventListener("input", say);
    say();
  }
})();
