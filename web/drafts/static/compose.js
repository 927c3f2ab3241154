// Writing: the words that will be read follow the typing, and what is typed survives whatever happens to tab or server.
"use strict";
(() => {
  const form = document.getElementById("compose");
  const preview = document.getElementById("preview");
  const offer = document.getElementById("restored");
  const autosaved = document.getElementById("autosaved");
  const PREVIEW_MS = 400;
  const KEEP_MS = 500;
  const SEND_MS = 1500;
  const RETRY_MS = 8000;
  const NOT_TYPED = ["csrf_token", "draft", "preview", "fix", "file", "from_form", "pasted", "undo_paste"];
  const mine = "loa-draft:" + form.dataset.person + ":";
  const isNew = form.elements.draft.value.startsWith("new-");

  document.getElementById("preview-button").hidden = true;

  function key() {
    return mine + form.elements.draft.value;
  }

  function typed() {
    const fields = {};
    for (const [name, value] of new FormData(form)) {
      if (!NOT_TYPED.includes(name) && !name.startsWith("fix-")) (fields[name] ??= []).push(value);
    }
    return fields;
  }

  function plain(fields) {
    return JSON.stringify({ ...fields, revision: [] });
  }

  function storage(act) {
    try {
      return act(localStorage);
    } catch {
      return null; // private windows and full stores: writing goes on without the safety net
    }
  }

  // What this machine kept of this text, or of any new one: the youngest that the server does not have.
  function found() {
    return storage((store) => {
      const keys = isNew ? Object.keys(store).filter((each) => each.startsWith(mine + "new-")) : [key()];
      const copies = keys.map((each) => ({ key: each, ...JSON.parse(store.getItem(each)) })).filter((each) => each.fields);
      if ("offers" in form.dataset) copies.filter((each) => each.sent).forEach((each) => store.removeItem(each.key));
      return copies.filter((each) => !each.sent).sort((a, b) => b.at - a.at)[0];
    });
  }

  const onServer = plain(typed());
  const copy = found();
  if (copy && plain(copy.fields) !== onServer && (copy.fields.text || []).join("").trim()) {
    offer.hidden = false;
    const there = document.querySelector(`div[data-saved="${copy.key.slice(mine.length)}"]`);
    if (there && Number(there.dataset.savedAt) <= copy.at) there.remove();
  }

  offer.querySelector("[data-restore]").addEventListener("click", () => {
    for (const field of form.elements) {
      if (!field.name || field.type === "submit" || NOT_TYPED.includes(field.name)) continue;
      const values = copy.fields[field.name] || [];
      if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
      else field.value = values[0] ?? "";
    }
    form.elements.draft.value = copy.key.slice(mine.length);
    offer.hidden = true;
    form.dispatchEvent(new Event("input"));
  });
  offer.querySelector("[data-discard]").addEventListener("click", () => {
    storage((store) => store.removeItem(copy.key));
    const body = new URLSearchParams({ csrf_token: form.elements.csrf_token.value });
    fetch(address(copy.key.slice(mine.length)) + "/drop", { method: "POST", body }).catch(() => {});
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

  if (form.elements.text.value.trim()) show(); // with JavaScript the words can be heard one sentence at a time

  let keeping = 0;
  let sending = 0;
  let leaving = false;
  form.addEventListener("input", (event) => {
    if (preview.contains(event.target)) return; // a reading being given must not be overwritten by the next preview
    clearTimeout(asked);
    asked = setTimeout(() => show(), PREVIEW_MS);
    clearTimeout(keeping);
    keeping = setTimeout(keep, KEEP_MS);
    later(SEND_MS);
  });

  function later(milliseconds) {
    clearTimeout(sending);
    sending = setTimeout(send, milliseconds);
  }

  function address(draft) {
    return form.dataset.drafts.replace("KEY", draft);
  }

  // A form without a word in it is nothing anybody would want back.
  function worth() {
    return (form.elements.title.value + form.elements.text.value).trim() !== "";
  }

  let sent = onServer;
  function keep() {
    const fields = typed();
    const now = plain(fields);
    if (now === onServer) return;
    storage((store) => store.setItem(key(), JSON.stringify({ at: Date.now(), sent: now === sent, fields })));
  }

  // The station's instant in the commune's zone: the clock of an old computer is often wrong.
  const clock = (instant) =>
    new Date(instant).toLocaleTimeString("vi", { timeZone: autosaved.dataset.zone, hour: "2-digit", minute: "2-digit" });

  let quiet = null;
  async function send() {
    const now = plain(typed());
    if (now === sent || leaving || !worth()) return;
    quiet = new AbortController();
    const body = new URLSearchParams(new FormData(form));
    const headers = { "X-Fragment": "1" };
    try {
      const answer = await fetch(address(form.elements.draft.value), { method: "POST", body, headers, signal: quiet.signal });
      if (answer.ok) {
        sent = now;
        keep();
        autosaved.textContent = autosaved.dataset.done + " " + clock(answer.headers.get("Date")) + ".";
      } else autosaved.textContent = [400, 401].includes(answer.status) ? autosaved.dataset.out : "";
    } catch {
      if (leaving) return;
      autosaved.textContent = autosaved.dataset.lost;
      later(RETRY_MS);
    }
  }

  addEventListener("pagehide", () => {
    if (!offer.hidden || leaving) return; // an older draft still waits for an answer, or this one is on its way
    keep();
    if (plain(typed()) !== sent && worth())
      navigator.sendBeacon(address(form.elements.draft.value), new URLSearchParams(new FormData(form)));
  });

  // The station has it now: the copy on this machine has done its work once the next page is there.
  form.addEventListener("submit", () => {
    leaving = true;
    clearTimeout(sending);
    if (quiet) quiet.abort();
    keep();
    storage((store) => store.setItem("loa-sent", key()));
  });
})();
