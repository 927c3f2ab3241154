// Writing: the words that will be read follow the typing, and what is typed survives a closed tab or a lost login.
"use strict";
(() => {
  const form = document.getElementById("compose");
  const preview = document.getElementById("preview");
  const offer = document.getElementById("restored");
  const key = "loa-draft:" + form.dataset.person + ":" + form.dataset.draft;
  const PREVIEW_MS = 400;
  const KEEP_MS = 500;
  const KEPT = ["title", "text", "class", "zones", "voice", "rate_percent", "repeats", "repeat_key_facts", "valid_until_on", "levy_bank", "levy_account", "levy_holder", "levy_amount", "levy_purpose"];

  document.getElementById("preview-button").hidden = true;

  function typed() {
    const data = new FormData(form);
    return Object.fromEntries(KEPT.map((name) => [name, data.getAll(name)]));
  }

  function storage(act) {
    try {
      return act(localStorage);
    } catch {
      return null; // private windows and full stores: writing goes on without the safety net
    }
  }

  const onServer = JSON.stringify(typed());
  const kept = storage((store) => store.getItem(key));
  if (kept && kept !== onServer && JSON.parse(kept).text.join("").trim()) offer.hidden = false;

  offer.querySelector("[data-restore]").addEventListener("click", () => {
    const draft = JSON.parse(kept);
    for (const field of form.elements) {
      if (!KEPT.includes(field.name)) continue;
      const values = draft[field.name] || [];
      if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
      else field.value = values[0] ?? "";
    }
    offer.hidden = true;
    show();
  });
  offer.querySelector("[data-discard]").addEventListener("click", () => {
    storage((store) => store.removeItem(key));
    offer.hidden = true;
  });

  let asked = 0;
  let request = null;
  async function show(fix) {
    if (request) request.abort();
    request = new AbortController();
    const body = new URLSearchParams(new FormData(form));
    if (fix) body.set("fix", fix);
    try {
      const answer = await fetch(form.dataset.preview, {
        method: "POST",
        body,
        headers: { "X-Fragment": "1" },
        signal: request.signal,
      });
      if (answer.ok) preview.innerHTML = await answer.text();
    } catch {
      // the next keystroke asks again
    }
  }

  let keeping = 0;
  // A reading is given where it is doubted, and the words are shown anew.
  preview.addEventListener("click", (event) => {
    const button = event.target.closest("[name=fix]");
    if (!button) return;
    event.preventDefault();
    show(button.value);
  });
  preview.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.name.startsWith("fix-reading-")) return;
    event.preventDefault();
    show(event.target.name.replace("fix-reading-", ""));
  });
  form.addEventListener("input", (event) => {
    if (preview.contains(event.target)) return; // a reading being given must not be overwritten by the next preview
    clearTimeout(asked);
    asked = setTimeout(() => show(), PREVIEW_MS);
    clearTimeout(keeping);
    keeping = setTimeout(keep, KEEP_MS);
  });
  function keep() {
    const now = JSON.stringify(typed());
    if (now !== onServer) storage((store) => store.setItem(key, now));
  }
  addEventListener("pagehide", () => {
    if (!offer.hidden) return; // an older draft still waits for an answer
    keep();
  });

  // The station has it now: the copy on this machine has done its work once the next page is there.
  form.addEventListener("submit", () => storage((store) => store.setItem("loa-sent", key)));
})();
