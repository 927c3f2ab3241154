// The page of the microphone: try it, open a session, count down while the chime sounds, send, show who hears, stop.
(() => {
  "use strict";
  const form = document.getElementById("live-form");
  if (!form) return;
  const part = (name) => document.getElementById(`live-${name}`);
  const words = form.dataset;
  const MOST_WAITING = 8, LAST_WORDS_MS = 2000;
  let capture = null, session = null, address = "", quietSince = 0, beganAt = 0, stopped = false, silent = false;
  let waiting = [], sending = false, seq = 0, sentAt = 0;

  const say = (text) => { part("say").textContent = text; };
  const complain = (text) => {
    part("problem").hidden = !text;
    part("problem").querySelector("p").textContent = text || "";
  };

  function level(value) {
    part("level").value = value;
    const now = performance.now();
    if (value > 0.01) quietSince = now;
    if (quietSince && now - quietSince > 4000 && session) complain(words.quiet);
    else if (part("problem").textContent.trim() === words.quiet) complain("");
  }

  async function microphone() {
    if (capture) return true;
    try {
      capture = await window.LoaCapture.open(words.worklet, level);
      quietSince = performance.now();
      complain("");
      return true;
    } catch (error) {
      complain(words[error.problem || "tooOld"]);
      return false;
    }
  }

  const post = (url, body) => fetch(url, { method: "POST", body,
    headers: { "X-Fragment": "1", "X-CSRFToken": form.elements.csrf_token.value } });

  const pause = (ms) => new Promise((done) => { setTimeout(done, ms); });

  function listeners(found) {
    const list = part("listeners");
    list.replaceChildren(...found.map((each) => {
      const row = document.createElement("li");
      const state = !each.online ? words.offline : each.silent ? words.mute : each.heard_seconds > 0 ? words.hears : words.begins;
      const late = each.late_ms === null ? "" : `, ${words.late} ${each.late_ms} ms`;
      const lost = each.lost_seconds >= 1 ? `, ${words.lost} ${Math.round(each.lost_seconds)} s` : "";
      row.textContent = `${each.name}: ${state}${late}${lost}`;
      row.dataset.node = each.node;
      return row;
    }));
  }

  async function send() {
    if (sending) return;
    sending = true;
    while (waiting.length) {
      const piece = waiting[0];
      const url = `${address}/pieces?seq=${piece.seq}&at_ms=${piece.atMs}&kind=${piece.kind}&rate=${Math.round(piece.rate)}`;
      try {
        const answer = await post(url, piece.body);
        const answered = await answer.json();
        if (answer.ok) {
          sentAt = performance.now();
          complain("");
          waiting.shift();
          listeners(answered.listeners);
          if (answered.state !== "open") finish(answered);
        } else if (answer.status >= 500) {
          throw new Error("server");
        } else {
          waiting.shift();
          if (["live.ended", "live.not_open"].includes(answered.code)) finish(answered);
          else complain(answered.error);
        }
      } catch {
        complain(words.linkLost);
        await pause(300);
        while (waiting.length > MOST_WAITING) waiting.shift();
      }
    }
    sending = false;
  }

  function give(piece) {
    if (stopped || silent) return;
    waiting.push({ ...piece, seq });
    seq += 1;
    send();
  }

  function clock() {
    if (stopped) return;
    const seconds = Math.floor((performance.now() - beganAt) / 1000);
    part("time").textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")} / ${Math.round(session.longest_seconds / 60)}:00`;
    setTimeout(clock, 250);
  }

  async function countdown(ms) {
    const until = performance.now() + ms;
    for (let left = ms; left > 0; left = until - performance.now()) {
      say(`${words.countdown} ${Math.ceil(left / 1000)}`);
      await pause(Math.min(100, left));
    }
  }

  async function confirmed() {
    while (session.state === "waiting" && !stopped) {
      say(words.waiting);
      await pause(700);
      try {
        session = await (await fetch(address, { headers: { "X-Fragment": "1" } })).json();
      } catch {
        complain(words.linkLost);
      }
    }
    return session.state === "open" && !stopped;
  }

  async function start(event) {
    event.preventDefault();
    complain("");
    part("start").disabled = true;
    if (!(await microphone())) { part("start").disabled = false; return; }
    form.elements.key.value = form.elements.key.value || `press-${Date.now()}-${Math.random().toString(36).slice(2)}`;
    let answered;
    try {
      const answer = await post(form.action, new URLSearchParams(new FormData(form)));
      answered = await answer.json();
      if (!answer.ok) throw Object.assign(new Error("refused"), { sentence: answered.error });
    } catch (error) {
      complain(error.sentence || words.linkLost);
      form.elements.key.value = "";
      part("start").disabled = false;
      return;
    }
    [session, address] = [answered, answered.address];
    form.querySelector("[data-before]").hidden = true;
    part("start").hidden = part("try").hidden = true;
    part("stop").hidden = false;
    if (!(await confirmed())) { finish(session); return; }
    listeners(session.listeners);
    await countdown(session.speak_in_ms);
    if (stopped) return;
    beganAt = performance.now();
    say(words.onAir);
    part("time").hidden = false;
    clock();
    await capture.begin(give);
  }

  async function stop() {
    if (!session || stopped) return;
    say(words.stopping);
    part("stop").disabled = true;
    await pause(beganAt ? 450 : 0);
    silent = true; // what was said until now goes out first
    for (const from = performance.now(); sending && performance.now() - from < LAST_WORDS_MS;) await pause(50);
    try {
      finish(await (await post(`${address}/end`, "")).json());
    } catch {
      silent = false;
      complain(words.linkLost);
      part("stop").disabled = false;
    }
  }

  function finish(answered) {
    if (stopped) return;
    stopped = true;
    if (capture) capture.close();
    part("stop").hidden = true;
    say(answered.error || words.over);
    setTimeout(() => { location.assign(address); }, 4000);
  }

  part("try").addEventListener("click", microphone);
  part("stop").addEventListener("click", stop);
  form.addEventListener("submit", start);
  window.addEventListener("pagehide", () => {
    if (session && !stopped) navigator.sendBeacon(`${address}/end`, new URLSearchParams({ csrf_token: form.elements.csrf_token.value }));
  });
})();
