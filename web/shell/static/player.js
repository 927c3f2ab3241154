// Players with two sources: a copy that is still being made is waited for; where nothing plays, the file is offered.
"use strict";
(() => {
  const LOOK_MS = 1000;
  const TIMES = 20;
  const TRIES = 3;

  function offer(box) {
    box.querySelector("[data-unplayable]").hidden = false;
  }

  async function waitFor(address) {
    for (let time = 0; time < TIMES; time += 1) {
      const answer = await fetch(address, { method: "HEAD" });
      if (answer.status !== 503) return answer.ok;
      await new Promise((done) => setTimeout(done, LOOK_MS));
    }
    return false;
  }

  async function lastSourceFailed(box, sound, address) {
    // The browser tried every source: the last one may have come too early, or not got through on a weak link.
    box.tries = (box.tries || 0) + 1;
    const there = box.tries <= TRIES && (await waitFor(address).catch(() => false));
    if (!there) return offer(box);
    sound.load();
    if (box.wanted) sound.play().catch(() => {});
  }

  document.addEventListener(
    "error",
    (event) => {
      const box = event.target.closest?.("[data-player]");
      if (!box) return;
      const sound = box.querySelector("audio");
      if (event.target === sound) return offer(box);
      if (event.target === sound.querySelector("source:last-of-type")) lastSourceFailed(box, sound, event.target.src);
    },
    true,
  );
  document.addEventListener(
    "play",
    (event) => {
      const box = event.target.closest?.("[data-player]");
      if (box) box.wanted = true;
    },
    true,
  );
  // On a weak or dear line sound is loaded when somebody wants to hear it, and never before the page.
  function prepare() {
    const line = navigator.connection;
    if (line?.saveData || line?.effectiveType?.includes("2g")) return;
    for (const sound of document.querySelectorAll("audio[data-preload]")) {
      sound.preload = sound.dataset.preload;
      sound.removeAttribute("data-preload");
    }
  }
  if (document.readyState === "complete") prepare();
  else window.addEventListener("load", prepare);
  document.addEventListener("loa:replaced", prepare);
  // What failed before this script came says it no more by an event. A player that has only begun to choose among its
  // sources looks the same for a moment, so the time comes later.
  setTimeout(() => {
    for (const box of document.querySelectorAll("[data-player]")) {
      const sound = box.querySelector("audio");
      const last = sound.querySelector("source:last-of-type");
      const failed = sound.networkState === HTMLMediaElement.NETWORK_NO_SOURCE;
      if (failed && last && !box.tries) lastSourceFailed(box, sound, last.src);
    }
  }, LOOK_MS);
})();
