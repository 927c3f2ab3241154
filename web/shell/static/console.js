// Live pages: every part marked data-live is asked for again when the station says that something of it changed.
"use strict";
(() => {
  const parts = [...document.querySelectorAll("[data-live]")];
  if (!parts.length) return;

  const POLL_MS = 5000;
  const LEASE_MS = 6000;
  const TICK_MS = 2000;
  const lost = document.getElementById("lost");
  const topicsOf = (part) => part.dataset.live.split(",");
  const topics = [...new Set(parts.flatMap(topicsOf))];
  const me = Math.random().toString(36).slice(2);
  let known = null;
  let polling = 0;
  let stream = null;
  let refused = false;

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
    document.dispatchEvent(new Event("loa:replaced"));
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

  // One stream serves all tabs of this browser: it opens six connections to a station at most, and a stream takes one
  // up. The tab whose name stands in the lease has it, and writes down for the others what it hears. A hidden tab's
  // clock may be slowed until its lease runs out; then another takes over.
  function leads() {
    try {
      const [who, until] = JSON.parse(localStorage.getItem("loa-live-tab") || '["", 0]');
      if (who !== me && Date.now() < until && until < Date.now() + 2 * LEASE_MS) return false;
      localStorage.setItem("loa-live-tab", JSON.stringify([me, Date.now() + LEASE_MS]));
    } catch {
      // no storage: every tab asks for itself, and the station says when there are too many
    }
    return true;
  }

  function pass(data) {
    try {
      localStorage.setItem("loa-live-counters", data);
    } catch {
      // the others look by themselves
    }
  }

  function open() {
    stream = new EventSource((document.documentElement.dataset.root || "") + "/live?topics=all");
    stream.addEventListener("changes", (event) => {
      lost.hidden = true;
      const all = { ...known, ...JSON.parse(event.data) };
      pass(JSON.stringify(all));
      hear(all);
    });
    stream.addEventListener("error", () => {
      if (stream && stream.readyState === EventSource.CLOSED) {
        refused = true;
        poll();
      }
    });
  }

  function close() {
    if (stream) stream.close();
    stream = null;
  }

  function tick() {
    if (refused) return;
    if (!leads()) return follow();
    if (!stream) open();
  }

  function follow() {
    close();
    if (known !== null) return;
    known = {};
    parts.forEach(refresh); // what changed since the page was made
  }

  function leave() {
    close();
    try {
      const [who] = JSON.parse(localStorage.getItem("loa-live-tab") || '["", 0]');
      if (who === me) localStorage.removeItem("loa-live-tab");
    } catch {
      // nothing to give back
    }
  }

  addEventListener("dragend", () => parts.forEach(refresh));
  if (!window.EventSource) return poll();
  addEventListener("storage", (event) => {
    if (event.key === "loa-live-counters" && event.newValue && !stream) {
      lost.hidden = true;
      hear(JSON.parse(event.newValue));
    }
    if (event.key === "loa-live-tab" && !event.newValue) setTimeout(tick, Math.random() * 300);
  });
  tick();
  setInterval(tick, TICK_MS);
  addEventListener("pagehide", leave);
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
