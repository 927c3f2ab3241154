// How long until something begins, by the station's clock: that of this machine may be wrong.
"use strict";
(() => {
  const clock = document.querySelector("[data-clock]");
  if (!clock) return;
  const ahead = Date.parse(clock.dataset.clock) - Date.now();

  function words(seconds) {
    const two = (number) => String(number).padStart(2, "0");
    const hours = Math.floor(seconds / 3600);
    const rest = two(Math.floor(seconds / 60) % 60) + ":" + two(seconds % 60);
    return hours ? hours + ":" + rest : rest.replace(/^0(\d)/, "$1");
  }

  function tick() {
    for (const each of document.querySelectorAll("[data-until]")) {
      const seconds = Math.round((Date.parse(each.dataset.until) - Date.now() - ahead) / 1000);
      const left = seconds > 0 ? each.dataset.words.replace("{time}", words(seconds)) : "";
      if (each.textContent !== left) each.textContent = left;
    }
  }

  tick();
  setInterval(tick, 1000);
  new MutationObserver(tick).observe(document.getElementById("main"), { childList: true, subtree: true });
})();
