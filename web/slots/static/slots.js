// The form of a slot says at once when it will play; the order of what is in a slot is changed by dragging.
"use strict";
(() => {
  const form = document.getElementById("slot-form");
  if (!form) return;
  const outlook = document.getElementById("outlook");
  const LOOK_MS = 350;
  let asked = 0;
  let request = null;

  document.getElementById("look").hidden = true;

  async function look() {
    if (request) request.abort();
    request = new AbortController();
    try {
      const answer = await fetch(form.dataset.preview, {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
        headers: { "X-Fragment": "1" },
        signal: request.signal,
      });
      if (answer.ok) outlook.innerHTML = await answer.text();
    } catch {
      // the next change asks again
    }
  }

  form.addEventListener("input", () => {
    clearTimeout(asked);
    asked = setTimeout(look, LOOK_MS);
  });
})();

(() => {
  const list = document.querySelector("[data-order]");
  const form = list && document.getElementById(list.dataset.order);
  if (!form) return;
  let dragged = null;

  const clear = () => list.querySelectorAll(".before, .after").forEach((each) => each.classList.remove("before", "after"));
  const isAbove = (target) => dragged.compareDocumentPosition(target) & Node.DOCUMENT_POSITION_PRECEDING;
  const over = (event) => event.target.closest("[data-order] > li");

  list.addEventListener("dragstart", (event) => {
    dragged = over(event);
    if (!dragged) return;
    dragged.classList.add("dragged");
    event.dataTransfer.effectAllowed = "move";
  });
  list.addEventListener("dragover", (event) => {
    if (!dragged) return;
    event.preventDefault();
    clear();
    const target = over(event);
    if (target && target !== dragged) target.classList.add(isAbove(target) ? "before" : "after");
  });
  list.addEventListener("drop", (event) => {
    const target = over(event);
    if (!dragged || !target || target === dragged) return;
    event.preventDefault();
    if (isAbove(target)) target.before(dragged);
    else target.after(dragged);
    form.requestSubmit();
  });
  list.addEventListener("dragend", () => {
    if (dragged) dragged.classList.remove("dragged");
    clear();
    dragged = null;
  });
})();
