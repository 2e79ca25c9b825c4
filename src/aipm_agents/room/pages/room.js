"use strict";
// Pages work without this. With it, what changes is swapped in where it stands, forms are sent again until they
// arrive, drafts outlive a refresh, and a card is seen only while it is held.
(() => {
  const one = (what, at = document) => at.querySelector(what), all = (what, at = document) => [...at.querySelectorAll(what)];
  const away = one("#away"), store = (() => { try { return window.localStorage; } catch { return null; } })();
  const tell = (text) => { one("#said").textContent = text; };
  const lost = (text) => { away.textContent = text || ""; away.hidden = !text; };
  const read = (text) => new DOMParser().parseFromString(text, "text/html");
  const parts = (at) => new Map(all("[data-part]", at).map((each) => [each.dataset.part, each]));
  const served = new WeakMap(), note = (at) => { for (const part of parts(at).values()) served.set(part, part.outerHTML); };
  const pause = (time) => new Promise((on) => setTimeout(on, time));

  function swap(made, sent) {  // parts of a page for those of another; what somebody is filling in stays
    const now = parts(document), next = parts(made), same = now.size === next.size && [...now.keys()].every((name) => next.has(name));
    const keys = one("main").dataset.key === one("main", made).dataset.key;
    note(made);  // what script and fingers change of a part is no news: it is held against what was served
    document.body.dataset.version = made.body.dataset.version || "";
    if (!same || !keys || sent) {
      const focus = document.activeElement && document.activeElement.id;
      one("main").replaceWith(document.adoptNode(one("main", made)));
      document.body.dataset.events = made.body.dataset.events || "";
      document.title = made.title;
      (focus && document.getElementById(focus) || one("main")).focus({ preventScroll: !!focus });
    } else for (const [name, part] of now) {
      const other = next.get(name), open = all("details[open]", part).map((each) => each.id).filter(Boolean);
      if (served.get(part) === served.get(other) || one("form[data-begun]", part) || part.contains(document.activeElement) && document.activeElement.matches("input, select, textarea")) continue;
      const focus = part.contains(document.activeElement) ? document.activeElement.id : "";
      if (part.dataset.say && part.textContent !== other.textContent) tell(other.textContent.replace(/\s+/g, " ").trim());
      part.replaceWith(document.adoptNode(other));
      for (const id of open) document.getElementById(id)?.setAttribute("open", "");
      if (focus) document.getElementById(focus)?.focus({ preventScroll: true });
    }
    ready();
  }

  let asked = false, again = false;
  async function refresh() {  // the page as it is now; one question at a time, until there is an answer
    again = true;
    if (asked) return;
    asked = true;
    for (let wait = 500; again; ) {
      again = false;
      const stop = new AbortController(), timer = setTimeout(() => stop.abort(), 15000);
      try {
        const reply = await fetch(location.href, { credentials: "same-origin", signal: stop.signal });
        if (reply.redirected) { location.replace(reply.url); return; }
        const made = read(await reply.text()), out = reply.status === 403;  // another phone has the seat now
        if (!(reply.ok || out) || !one("main", made)) throw new Error();
        swap(made, out);
        wait = 500;
      } catch { again = true; await pause(wait); wait = Math.min(wait * 2, 15000); } finally { clearTimeout(timer); }
    }
    asked = false;
  }

  let stream = null, heard = "";
  function listen() {
    const from = document.body.dataset.events || "";
    if (stream && heard === from && stream.readyState !== 2) return;
    if (stream) stream.close();
    stream = null; heard = from;
    if (!from || !window.EventSource) return;
    stream = new EventSource(from);
    stream.onopen = () => lost("");
    stream.onmessage = (event) => { if (event.data !== document.body.dataset.version) refresh(); };
    stream.onerror = () => { lost(away.dataset.gone); if (stream && stream.readyState === 2) setTimeout(listen, 2000); };
  }

  async function send(form, button) {  // until it has arrived; sent twice it is the same answer
    const body = new URLSearchParams(new FormData(form, button)), to = button?.getAttribute("formaction") || form.getAttribute("action");
    form.dataset.begun = "1";
    for (let wait = 1000; ; wait = Math.min(wait * 2, 15000)) {
      try {
        const stop = new AbortController(), timer = setTimeout(() => stop.abort(), 20000);
        const reply = await fetch(to, { method: "POST", body, credentials: "same-origin", signal: stop.signal });
        clearTimeout(timer);
        if (reply.status === 429) { await pause(2000); continue; }
        lost("");
        delete form.dataset.begun;
        const made = read(await reply.text()), taken = reply.redirected;
        if (taken && form.dataset.draft) store?.removeItem(form.dataset.draft);
        if (!one("main", made)) { location.reload(); return; }
        if (taken) history.replaceState(null, "", reply.url);
        swap(made, true);
        const said = one("[data-told]");
        if (said) { said.focus?.(); tell(said.textContent.trim()); }
        return;
      } catch { lost(away.dataset.unsent); await pause(wait); }
    }
  }

  async function look(form, url, where) {  // a form that only asks: its answer stands in place
    const query = url + "?" + new URLSearchParams(new FormData(form));
    try {
      const reply = await fetch(query, { credentials: "same-origin" });
      if (!reply.ok) return;
      const made = read(await reply.text());
      if (where) { const part = one("#" + where, made); if (part) one("#" + where).replaceWith(document.adoptNode(part)); }
      else { history.replaceState(null, "", query); swap(made); }
    } catch { /* the next change asks again */ }
  }

  const values = (form) => JSON.stringify([...new FormData(form)].filter(([name]) => name !== "key"));
  function ready() {
    listen();
    for (const form of all("form[data-draft]")) {
      if (form.dataset.kept) continue;
      form.dataset.kept = "1";
      const kept = JSON.parse(store?.getItem(form.dataset.draft) || "null");
      if (!kept) continue;
      for (const field of form.elements) {
        const mine = kept.filter(([name]) => name === field.name).map(([, value]) => value);
        if (field.type === "checkbox" || field.type === "radio") field.checked = mine.includes(field.value);
        else if (mine.length && field.type !== "hidden" && field.name) field.value = mine[0];
      }
      if (form.dataset.preview) look(form, form.dataset.preview, "preview");
    }
    for (const card of all("details.veil:not([data-held])")) hold(card);
    for (const leaf of all("form.leaf:not([data-on])")) player(leaf);
    for (const form of all("form[data-auto] > button:not([formaction], [type=button])")) form.classList.add("plain-only");
    document.body.classList.add("alive");
  }

  function hold(card) {  // seen while it is held; a click of assistive technology opens and shuts it
    card.dataset.held = "1";
    const grip = one("summary", card), lock = one("input.keep", card);
    let pressed = false;
    const show = (open) => { if (open || !lock?.checked) card.open = open; };
    grip.addEventListener("pointerdown", (event) => { pressed = true; grip.setPointerCapture?.(event.pointerId); show(true); });
    for (const end of ["pointerup", "pointercancel"]) grip.addEventListener(end, () => show(false));
    grip.addEventListener("click", (event) => { event.preventDefault(); if (!pressed) { if (lock) lock.checked = !card.open; card.open = !card.open; } pressed = false; });
    grip.addEventListener("keydown", (event) => { if (event.key === " " || event.key === "Enter") { event.preventDefault(); show(true); } });
    grip.addEventListener("keyup", (event) => { if (event.key === " " || event.key === "Enter") { event.preventDefault(); show(false); } });
    grip.addEventListener("contextmenu", (event) => event.preventDefault());
    lock?.addEventListener("change", () => { card.open = lock.checked; });
  }
  const shut = () => { for (const card of all("details.veil")) { const lock = one("input.keep", card); if (lock) lock.checked = false; card.open = false; } for (const code of all("details.rejoin")) code.open = false; };
  document.addEventListener("visibilitychange", () => { if (document.hidden) shut(); else { listen(); if (document.body.dataset.events) refresh(); } });
  window.addEventListener("blur", () => { for (const card of all("details.veil")) if (!one("input.keep", card)?.checked) card.open = false; });
  window.addEventListener("deviceorientation", (event) => { if (Math.abs(event.beta) > 140) shut(); });  // lies on its face

  function player(form) {  // a run goes by at reading pace
    form.dataset.on = "1";
    const slide = one("input[type=range]", form), button = document.createElement("button");
    if (!slide) return;
    let timer = 0;
    const label = () => { button.textContent = timer ? form.dataset.pause : form.dataset.play; };
    const step = async () => {
      if (+slide.value >= +slide.max) { timer = 0; label(); return; }
      slide.value = +slide.value + 1;
      await look(form, form.getAttribute("action"));
      timer = setTimeout(step, 1000 * (+one("[data-part=leaf]").dataset.seconds || 8));
    };
    button.type = "button";
    button.addEventListener("click", () => { if (timer) { clearTimeout(timer); timer = 0; } else timer = setTimeout(step, 500); label(); });
    label();
    slide.closest("label").after(button);
  }

  document.addEventListener("submit", (event) => {
    const form = event.target, button = event.submitter;
    if (form.method === "post" && !form.dataset.plain) { event.preventDefault(); if (!form.dataset.begun) send(form, button); }
    else if (form.dataset.auto !== undefined && !button?.hasAttribute("formaction")) { event.preventDefault(); look(form, form.getAttribute("action")); }
  });
  let later = 0;
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!form) return;
    if (form.dataset.draft) store?.setItem(form.dataset.draft, values(form));
    clearTimeout(later);
    if (form.dataset.auto !== undefined) later = setTimeout(() => look(form, form.getAttribute("action")), event.target.type === "search" ? 250 : 60);
    else if (form.dataset.preview) later = setTimeout(() => look(form, form.dataset.preview, "preview"), 60);
  });
  const here = () => {  // a finger on the phone of a seat that was silent
    const top = one("[data-here]"), to = top?.dataset.here;
    if (to) { delete top.dataset.here; fetch(to, { method: "POST", credentials: "same-origin" }).catch(() => { top.dataset.here = to; }); }
  };
  for (const sign of ["pointerdown", "keydown"]) document.addEventListener(sign, here, { passive: true });
  window.addEventListener("online", () => { listen(); refresh(); });
  setInterval(() => {  // clocks that tick
    for (const clock of all("[data-left]")) {
      if (clock.dataset.still) continue;
      clock.dataset.ends = clock.dataset.ends || Date.now() + 1000 * clock.dataset.left;
      const left = Math.max(0, Math.round((clock.dataset.ends - Date.now()) / 1000));
      clock.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
      clock.classList.toggle("late", left < 30);
    }
  }, 500);
  note(document);
  ready();
})();
