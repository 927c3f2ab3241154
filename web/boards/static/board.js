// A board that runs for weeks: asks its feed every second, shows by its own clock what it was told, and starts itself anew once a day.
(() => {
  const body = document.body, one = (name) => document.querySelector(`[data-${name}]`);
  const ASK_MS = 1000, PATIENCE_MS = 5000, LOST_MS = 15000, DAY_MS = 86_400_000, MOST_PAUSE_MS = 5000;
  const began = Date.now();
  let ahead = Number(body.dataset.now) - began; // how far the station's clock is ahead of this one
  let known = null, heardAt = began, pause = ASK_MS;
  const clock = new Intl.DateTimeFormat("vi", { hour: "2-digit", minute: "2-digit", timeZone: body.dataset.zone });

  const size = (text) => (text.length <= 14 ? "xl" : text.length <= 32 ? "l" : text.length <= 70 ? "m" : "s");
  const put = (element, text) => element.textContent === text || (element.textContent = text);
  const kinds = ["alarm", "drill", "priority", "routine"];

  // What is said at this instant: also when the station is not heard, from what it announced before.
  function lines(at) {
    const all = [...known.now, ...known.next];
    const now = all.filter((each) => Date.parse(each.start_at) <= at && (!each.end_at || Date.parse(each.end_at) > at));
    now.sort((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind));
    return [now, all.filter((each) => Date.parse(each.start_at) > at)];
  }

  function showComing(coming) {
    const list = one("next");
    const wanted = coming.map((each) => [clock.format(Date.parse(each.start_at)), each.text]);
    while (list.children.length > wanted.length) list.lastElementChild.remove();
    wanted.forEach(([time, text], index) => {
      let item = list.children[index];
      if (!item) {
        item = list.appendChild(document.createElement("li"));
        item.append(document.createElement("time"), " ", document.createElement("span"));
      }
      put(item.querySelector("time"), time);
      put(item.querySelector("span"), text);
    });
    one("nothing").hidden = wanted.length > 0;
  }

  function show() {
    const at = Date.now() + ahead;
    put(one("clock"), clock.format(at));
    one("lost").hidden = Date.now() - heardAt < LOST_MS;
    if (!known) return;
    const [now, coming] = known.state === "stopped" ? [[], []] : lines(at);
    const first = now[0];
    const state = first ? (["alarm", "drill"].includes(first.kind) ? first.kind : "speaking") : known.state === "stopped" ? "stopped" : "idle";
    if (body.dataset.state !== state) body.dataset.state = state;
    const said = one("said"), text = first ? first.text : "";
    put(said, text);
    if (said.className !== `said ${size(text)}`) said.className = `said ${size(text)}`;
    put(one("title"), first && first.title !== first.text ? first.title : "");
    showComing(coming);
  }

  async function ask() {
    const patience = new AbortController(), timer = setTimeout(() => patience.abort(), PATIENCE_MS);
    try {
      const answer = await fetch(body.dataset.feed, { signal: patience.signal, cache: "no-cache" });
      if (!answer.ok) throw new Error(String(answer.status));
      known = await answer.json();
      const stated = Date.parse(answer.headers.get("Date"));
      const apart = stated - Date.now() - ahead;
      if (Number.isFinite(apart) && Math.abs(apart) > 2000) ahead += apart; // this machine's clock was set
      heardAt = Date.now();
      pause = ASK_MS;
      if (heardAt - began > DAY_MS && !known.now.length) location.reload();
    } catch {
      pause = Math.min(MOST_PAUSE_MS, pause * 1.5 + Math.random() * 500);
    } finally {
      clearTimeout(timer);
      setTimeout(ask, pause);
    }
  }

  setInterval(show, 250);
  ask();
})();
