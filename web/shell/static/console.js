// Live pages: every part marked data-live is asked for again when the station says that something of it changed.
"use strict";
(() => {
  const parts = [...document.querySelectorAll("[data-live]")];
  if (!parts.length) return;

  const POLL_MS = 5000;
  const lost = document.getElementById("lost");
  const topicsOf = (part) => part.dataset.live.split(",");
  const topics = [...new Set(parts.flatMap(topicsOf))];
  let known = null;
  let polling = 0;

  async function refresh(part) {
    if (part.busy) {
      part.again = true;
      return;
    }
    part.busy = true;
    try {
      const answer = await fetch(part.dataset.src, { headers: { "X-Fragment": "1" } });
      if (answer.status === 401) return location.reload();
      if (answer.ok) put(part, await answer.text());
      lost.hidden = answer.ok || answer.status < 500;
    } catch {
      lost.hidden = false;
    }
    await new Promise((done) => setTimeout(done, Number(part.dataset.quiet || 250)));
    part.busy = false;
    if (part.again) {
      part.again = false;
      refresh(part);
    }
  }

  function touched(field) {
    return field.checked !== field.defaultChecked || (field.type !== "hidden" && field.value !== field.defaultValue);
  }

  function put(part, html) {
    if (part.last === html) return;
    if (part.querySelector(".dragged")) return; // never pull away what somebody holds; dragend asks again
    part.last = html;
    if ("counts" in part.dataset) return count(html.trim());
    const fresh = new DOMParser().parseFromString(html, "text/html").body;
    const awaited = part.dataset.reloadWhen;
    // A new clip also changes which buttons the page offers.
    if (awaited && !part.querySelector(awaited) && fresh.querySelector(awaited)) return location.reload();
    if (part.querySelector("audio") && fresh.querySelector("audio")) return; // never cut off what somebody listens to
    if ([...part.querySelectorAll("input, textarea")].some(touched)) return; // nor take away what somebody types
    const open = [...part.querySelectorAll("details")].map((each) => each.open);
    part.replaceChildren(...fresh.childNodes);
    part.querySelectorAll("details").forEach((each, at) => (each.open = open[at] || each.open));
  }

  // So many wait for this person: said beside the menu, and in the title for whoever looks at another tab.
  function count(number) {
    for (const badge of document.querySelectorAll("[data-badge]")) {
      badge.textContent = number;
      badge.hidden = number === "0";
    }
    document.title = (number === "0" ? "" : `(${number}) `) + document.title.replace(/^\(\d+\) /, "");
  }

  function hear(counters) {
    const first = known === null;
    known = known || {};
    const moved = Object.keys(counters).filter((name) => first || known[name] !== counters[name]);
    Object.assign(known, counters);
    parts.filter((part) => topicsOf(part).some((name) => moved.includes(name))).forEach(refresh);
  }

  function poll() {
    if (!polling) polling = setInterval(() => document.hidden || parts.forEach(refresh), POLL_MS);
  }

  addEventListener("dragend", () => parts.forEach(refresh));
  if (!window.EventSource) return poll();
  const stream = new EventSource("/live?topics=" + topics.join(","));
  stream.addEventListener("changes", (event) => {
    lost.hidden = true;
    hear(JSON.parse(event.data));
  });
  stream.addEventListener("error", () => {
    if (stream.readyState === EventSource.CLOSED) poll();
  });
  addEventListener("pagehide", () => stream.close());
  addEventListener("pageshow", (event) => event.persisted && location.reload());
})();

// A draft that reached the station no longer needs its copy on this machine.
(() => {
  try {
    const sent = localStorage.getItem("loa-sent");
    if (sent && document.querySelector("[data-saved]")) localStorage.removeItem(sent);
    if (sent) localStorage.removeItem("loa-sent");
  } catch {
    // no storage, nothing to tidy
  }
})();
