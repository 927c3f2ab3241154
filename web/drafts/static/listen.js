// Hearing one sentence of the preview: asked for, waited for while it is made, in the chosen voice and at the chosen speed.
"use strict";
(() => {
  const form = document.getElementById("compose");
  const preview = document.getElementById("preview");
  const sound = new Audio();
  const LOOK_MS = 400;
  const PATIENCE_MS = 30000;
  let pressed = null;

  function quiet() {
    sound.pause();
    if (pressed) pressed.classList.remove("making", "playing");
    pressed = null;
  }

  function say(words) {
    const place = preview.querySelector("[data-unheard]");
    if (!place) return;
    place.textContent = words;
    place.hidden = !words;
  }

  // Of a sentence of the preview, or as typed in the field that the button names.
  function wordsOf(button) {
    const typed = button.dataset.from && form.elements[button.dataset.from];
    return typed && typed.value.trim() ? typed.value : button.dataset.sentence;
  }

  async function ask(button) {
    const body = new URLSearchParams({
      csrf_token: form.elements.csrf_token.value,
      sentence: wordsOf(button),
      voice: button.dataset.voice || form.elements.voice.value,
    });
    const answer = await fetch(form.dataset.hear, { method: "POST", body, headers: { "X-Fragment": "1" } });
    if (!answer.ok) throw new Error();
    return answer.json();
  }

  // The clip where this browser plays Ogg; else its copy, which is made a moment later.
  async function play(clip, patient) {
    if (sound.canPlayType("audio/ogg; codecs=opus")) {
      sound.src = clip;
      try {
        return await sound.play();
      } catch (error) {
        if (error.name !== "NotSupportedError") throw error;
      }
    }
    const copy = clip.replace(/\.ogg$/, ".m4a");
    while (patient() && (await fetch(copy, { method: "HEAD" })).status === 503) {
      await new Promise((done) => setTimeout(done, LOOK_MS));
    }
    sound.src = copy;
    return sound.play();
  }

  async function hear(button) {
    quiet();
    say("");
    pressed = button;
    button.classList.add("making");
    const gives = Date.now() + PATIENCE_MS;
    try {
      let heard = await ask(button);
      while (!heard.clip && !heard.error && pressed === button && Date.now() < gives) {
        await new Promise((done) => setTimeout(done, LOOK_MS));
        heard = await ask(button);
      }
      if (pressed !== button) return;
      if (!heard.clip) {
        quiet();
        return say(heard.error || form.dataset.unheard);
      }
      if (heard.note) say(heard.note);
      sound.defaultPlaybackRate = Number(form.elements.rate_percent.value) / 100;
      button.classList.replace("making", "playing");
      await play(heard.clip, () => pressed === button && Date.now() < gives);
    } catch {
      if (pressed !== button) return;
      quiet();
      say(form.dataset.unheard);
    }
  }

  sound.addEventListener("ended", quiet);
  preview.addEventListener("click", (event) => {
    const button = event.target.closest("[data-sentence]");
    if (button) button === pressed ? quiet() : hear(button);
  });
})();
