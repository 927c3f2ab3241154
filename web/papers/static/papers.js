// The page comes back after each press: it stands where it stood, and the button that was pressed has the focus.
"use strict";
(() => {
  const form = document.getElementById("review");
  const key = "loa-paper-place";

  form.addEventListener("submit", (event) => {
    const pressed = event.submitter;
    if (!pressed || pressed.name !== "switch") return;
    try {
      sessionStorage.setItem(key, JSON.stringify({ line: pressed.value, top: pressed.getBoundingClientRect().top }));
    } catch {
      // a private window: the page begins at its top
    }
  });

  let place = null;
  try {
    place = JSON.parse(sessionStorage.getItem(key));
    sessionStorage.removeItem(key);
  } catch {
    // nothing was kept
  }
  const button = place && form.querySelector(`[name=switch][value="${Number(place.line)}"]`);
  if (!button) return;
  button.focus({ preventScroll: true });
  window.scrollBy(0, button.getBoundingClientRect().top - place.top);
})();
