// Pasting: damaged letters and broken lines are made readable at once, named in one sentence, and undone by one press.
"use strict";
(() => {
  const form = document.getElementById("compose");
  const box = document.getElementById("pasted");
  const text = form.elements.text;
  const original = form.elements.pasted;
  const undo = box.querySelector("[name=undo_paste]");
  let kinds = "";

  text.addEventListener("paste", () => setTimeout(() => mend({})));

  // Suggested marks stand in the preview; one press takes them over.
  document.getElementById("preview").addEventListener("click", (event) => {
    if (!event.target.closest("[name=with_marks]")) return;
    event.preventDefault();
    mend({ with_marks: "1" });
  });

  async function mend(more) {
    const before = text.value;
    const body = new URLSearchParams({
      csrf_token: form.elements.csrf_token.value,
      left_paste: form.elements.left_paste.value,
      text: before,
      ...more,
    });
    try {
      const answer = await fetch(box.dataset.mend, { method: "POST", body, headers: { "X-Fragment": "1" } });
      if (answer.ok) show(before, await answer.json());
    } catch {
      // the station repairs it when the form is saved
    }
  }

  function show(before, answer) {
    if (!answer.sentences.length || text.value !== before) return; // nothing to repair, or typed on meanwhile
    original.value = before;
    kinds = answer.kinds || " "; // nothing is left alone after marks were put back
    text.value = answer.text;
    box.querySelector("[data-sentences]").textContent = answer.sentences.join(" ");
    undo.disabled = false;
    box.hidden = false;
    form.dispatchEvent(new Event("input"));
  }

  undo.addEventListener("click", (event) => {
    if (!kinds) return; // the page came with it: the station undoes it
    event.preventDefault();
    text.value = original.value;
    form.elements.left_paste.value = kinds;
    box.hidden = true;
    form.dispatchEvent(new Event("input"));
    text.focus();
  });
})();
