// The report form. It works without this; this saves steps.
//   <form data-report-form data-suggest-url data-draft-key>   fields body, category, address, area, lat, lng, photos, key
//   [data-same] the offer of a neighbour's report, asked for at data-same-url (same.js)
//   [data-map] the drawn map   [data-locate] button   [data-draft-say] words in the bar   [data-send-say] words at the end
//   [data-guess] where guessed kinds appear (optional, made before the category's field)   .steps a  the step bar
//   data-worker: the service worker that opens the form without a line
import { coach, fill } from "./coach.js";
import { join, place } from "./map.js";
import * as kept from "./outbox.js";
import { gather, shrink } from "./photos.js";
import { offer } from "./same.js";
import { busy, idle } from "./sending.js";
import { element, word } from "./words.js";

// Who reports is never kept: many share a phone.
const KEPT = ["body", "category", "kind", "address", "area", "lat", "lng", "anonymous", "secret", "key", "idempotency_key"];
const RETRY_MS = 20_000;
const PATIENCE_MS = 180_000;
const KEEP_MS = 3 * 24 * 3600 * 1000;

const isAnswer = ([name, value]) => name.startsWith("a-") && typeof value === "string";

const start = (form, stored, restore = true) => {
  const fields = form.elements;
  const draftKey = keyOf(form);
  const files = stored.photos;
  const map = form.querySelector("[data-map]");
  const setPoint = map ? join(form, map) : null;
  const photoBox = form.querySelector("[data-photos]");
  const keepFiles = () => kept.keepFiles(draftKey, stored);
  if (photoBox) gather(photoBox, files, keepFiles);
  const say = (text) => document.querySelectorAll("[data-draft-say]").forEach((each) => (each.textContent = text));
  let answers = [];

  // The draft, with its key: a report that was sent but never answered is not made twice.
  const read = () => Object.fromEntries(KEPT.filter((name) => fields[name]).map((name) => [name, fields[name].type === "checkbox" ? fields[name].checked : fields[name].value]));
  const save = () => {
    answers = [...new FormData(form)].filter(isAnswer);
    try {
      localStorage.setItem(draftKey, JSON.stringify({ ...read(), answers, at: Date.now() }));
      say(word("draft-saved"));
    } catch {
      say("");
    }
  };
  let waiting = 0;
  // An answer may come sooner than the save that waits: a sent report must not come back as a draft.
  const forget = () => {
    clearTimeout(waiting);
    localStorage.removeItem(draftKey);
    return kept.dropFiles(draftKey);
  };
  const bring = () => {
    let draft = null;
    try {
      draft = JSON.parse(localStorage.getItem(draftKey) ?? "null");
    } catch {
      forget();
    }
    if (!draft || Date.now() - draft.at > KEEP_MS) return forget();
    if (!draft.body && !draft.address) return;
    for (const name of KEPT) {
      if (!fields[name] || draft[name] === undefined) continue;
      if (fields[name].type === "checkbox") fields[name].checked = draft[name];
      else if (draft[name] !== "") fields[name].value = draft[name];
    }
    answers = draft.answers ?? [];
    if (map && draft.lat && draft.lng) place(map, Number(draft.lat), Number(draft.lng));
    say(word("draft-saved"));
  };
  if (restore && !fields.body?.value) bring();
  else answers = [...new FormData(form)].filter(isAnswer);

  const asked = form.querySelector("[data-questions]");
  const refill = () => {
    if (!asked) return;
    fill(asked, answers);
    for (const input of asked.querySelectorAll("input[type=file]")) give(input, stored.answers[input.name] ?? []);
  };
  refill();
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(save, 400);
  });
  form.addEventListener("change", async ({ target }) => {
    if (target.type !== "file" || !target.name.startsWith("a-")) return;
    stored.answers[target.name] = await Promise.all([...target.files].map(shrink));
    give(target, stored.answers[target.name]);
    keepFiles();
  });
  form.addEventListener("placed", () => save());

  guess(form, fields, save);
  coach(form, refill);
  offer(form, fields);
  locate(form, setPoint);
  steps(form);
  send(form, stored, forget);
};

const keyOf = (form) => `draft:${form.dataset.draftKey || location.pathname}`;

// A file field takes files from script only this way.
const give = (input, files) => {
  if (!files.length) return;
  const carrier = new DataTransfer();
  files.forEach((each) => carrier.items.add(each));
  input.files = carrier.files;
};

// Kinds that the words speak for, as rows to choose from; the list itself stays below.
const guess = (form, fields, save) => {
  const select = fields.category;
  if (!form.dataset.suggestUrl || !select?.options) return;
  const holder = select.closest(".field");
  const box = form.querySelector("[data-guess]") ?? element("div", { className: "choices guess" });
  if (!box.isConnected) holder.before(box);
  box.setAttribute("role", "radiogroup");
  box.setAttribute("aria-label", word("guess"));
  let chosenByHand = select.value !== "";
  select.addEventListener("change", () => (chosenByHand = true));
  const choose = (code) => {
    select.value = code;
    save();
  };
  const row = (title, line, checked, act) => {
    const radio = element("input", { type: "radio", name: "guess", checked, value: "" });
    radio.addEventListener("change", act);
    // Outside of the form, so that no unknown field is sent.
    radio.setAttribute("form", "guess-only");
    return element("label", { className: "choice" }, radio, element("span", { className: "choice-words" }, element("span", { className: "choice-title", textContent: title }), element("span", { className: "choice-line", textContent: line })));
  };
  const show = (found) => {
    const known = found.filter((each) => [...select.options].some((option) => option.value === each.code)).slice(0, 2);
    holder.hidden = known.length > 0 && !chosenByHand;
    if (chosenByHand) return box.replaceChildren();
    if (known.length) select.value = known[0].code;
    warn(form, found[0]?.urgent ?? "");
    box.replaceChildren(
      ...(known.length ? [element("p", { className: "label", textContent: word("guess") }), element("p", { className: "hint", textContent: word("guess-hint") })] : []),
      ...known.map((each, index) => row(each.name, (each.words ?? []).length ? `${word("because")} ${each.words.join(", ")}` : "", index === 0, () => choose(each.code))),
      ...(known.length ? [row(word("other-kind"), `${select.options.length - 1} ${word("kinds")}`, false, () => { holder.hidden = false; chosenByHand = true; select.focus(); })] : []),
    );
  };
  let waiting = 0;
  let asked = "";
  const ask = async () => {
    const text = fields.body.value.trim();
    if (text.length < 8 || text === asked || chosenByHand) return;
    asked = text;
    const url = new URL(form.dataset.suggestUrl, location.href);
    url.searchParams.set("teks", text.slice(0, 600));
    try {
      const answer = await fetch(url, { headers: { Accept: "application/json" } });
      if (answer.ok) show(await answer.json());
    } catch {
      // No line, no guess: the list is still there.
    }
  };
  fields.body.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, 700);
  });
  if (fields.body.value) ask();
};

// Where life may be in danger, the number to call stands above everything else.
const warn = (form, words) => {
  const box = form.querySelector("[data-urgent]");
  if (!box) return;
  box.hidden = !words;
  const said = box.querySelector("[data-urgent-words]");
  if (said && words) said.textContent = words;
};

const locate = (form, setPoint) => {
  const button = form.querySelector("[data-locate]");
  if (!button) return;
  button.hidden = !navigator.geolocation;
  const said = form.querySelector("[data-locate-say]") ?? element("p", { className: "hint" });
  said.setAttribute("role", "status");
  if (!said.isConnected) button.after(said);
  button.addEventListener("click", () => {
    said.textContent = word("locating");
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        if (setPoint) setPoint(coords.latitude, coords.longitude);
        else [form.elements.lat.value, form.elements.lng.value] = [coords.latitude.toFixed(6), coords.longitude.toFixed(6)];
        said.textContent = word("located").replace("{metres}", Math.round(coords.accuracy));
      },
      () => (said.textContent = word("not-located")),
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 60_000 },
    );
  });
};

const steps = (form) => {
  const links = [...document.querySelectorAll(".steps a")];
  const parts = links.map((link) => document.querySelector(link.hash)).filter(Boolean);
  const done = (part) => [...part.querySelectorAll("textarea, input:not([type=hidden], [type=checkbox], [type=radio]), select")].some((each) => each.value);
  const mark = () => {
    let current = parts.findIndex((part) => part.getBoundingClientRect().bottom > 160);
    if (current < 0) current = parts.length - 1;
    links.forEach((link, index) => {
      link.toggleAttribute("aria-current", index === current);
      if (index === current) link.setAttribute("aria-current", "step");
      link.classList.toggle("is-done", index < current && done(parts[index]));
    });
  };
  if (!parts.length) return;
  addEventListener("scroll", mark, { passive: true });
  form.addEventListener("input", mark);
  mark();
};

const send = (form, stored, forget) => {
  const said = form.querySelector("[data-send-say]") ?? form.querySelector(".form-end")?.appendChild(element("p", { className: "hint" }));
  said?.setAttribute("role", "status");
  const tell = (text) => said && (said.textContent = text);
  const bar = element("progress", { className: "upload", max: 1, value: 0, hidden: true });
  said?.before(bar);
  let again = 0;
  let report = null;
  let flying = false;
  let safe = true;

  const queue = async () => {
    flying = false;
    if (await safe) await forget();
    tell(word("queued"));
    clearTimeout(again);
    again = setTimeout(() => navigator.onLine && post(), RETRY_MS);
  };
  const answered = async (call) => {
    await kept.take(report.key);
    if (call.status < 400) {
      await forget();
      return location.replace(call.responseURL);
    }
    const page = new DOMParser().parseFromString(call.responseText, "text/html");
    const fresh = page.querySelector("main");
    if (!fresh) return tell(word("failed"));
    document.querySelector("main").replaceWith(fresh);
    document.title = page.title;
    const next = fresh.querySelector("[data-report-form]");
    if (next) start(next, stored, false);
    (fresh.querySelector("[data-summary]") ?? fresh.querySelector("h1"))?.focus();
    scrollTo(0, 0);
  };
  const post = async (renewed = false) => {
    clearTimeout(again);
    if (flying) return;
    flying = true;
    if (renewed && !(await renew(report))) return queue();
    const body = new FormData();
    for (const [name, value] of report.pairs) value instanceof File ? body.append(name, value, value.name) : body.append(name, value);
    const call = new XMLHttpRequest();
    call.open("POST", report.action);
    call.setRequestHeader("Accept", "text/html");
    call.upload.onprogress = ({ loaded, total }) => {
      bar.hidden = total < 200_000;
      bar.value = total ? loaded / total : 0;
    };
    call.onload = () => {
      bar.hidden = true;
      flying = false;
      // 502 to 504: the line or the front door, not an answer to the report.
      if (call.status >= 502 && call.status <= 504) return queue();
      // A page from the device carries the token of another day: the same report again with a fresh one.
      if ((call.status === 400 || call.status === 403) && !renewed) return post(true);
      idle(form);
      answered(call);
    };
    call.onerror = queue;
    call.ontimeout = queue;
    call.timeout = PATIENCE_MS;
    call.send(body);
  };
  const compose = (submitter) => {
    const pairs = [...new FormData(form)].filter(([name, value]) => name !== "photos" && !(value instanceof File && !value.size));
    for (const file of stored.photos) pairs.push(["photos", file]);
    if (submitter?.name) pairs.push([submitter.name, submitter.value]);
    // Joining a neighbour's report takes the same fields to another address (same.js), without a submit button.
    const action = (!submitter && form.dataset.target) || form.getAttribute("action") || location.href;
    return { key: form.elements.key?.value || String(Date.now()), action, pairs, at: Date.now() };
  };
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented || form.dataset.sending) return;
    event.preventDefault();
    report = compose(event.submitter);
    busy(form, event.submitter);
    tell("");
    // Kept before the first try: a page that is killed while it sends comes back to the same answer.
    safe = kept.put(report.key, report);
    safe.then(() => (navigator.onLine ? post() : queue()));
  });
  addEventListener("online", () => form.dataset.sending && form.isConnected && post(true));

  // Left over from a page that was closed without a signal: sent from here, without being shown again.
  const leftOver = async () => {
    const [first] = await kept.waiting();
    if (!first || form.dataset.sending || !form.isConnected) return;
    if (Date.now() - first.at > KEEP_MS) return kept.take(first.key);
    report = first;
    busy(form);
    tell(word("queued"));
    document.querySelectorAll("[data-draft-say]").forEach((each) => (each.textContent = word("not-sent")));
    if (navigator.onLine) post(true);
  };
  leftOver();
};

// A token for the session of today; false without a line.
const renew = async (report) => {
  try {
    const answer = await fetch(report.action, { cache: "reload", headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const token = page.querySelector("[name=csrf_token]")?.value;
    if (!answer.ok || !token) return false;
    report.pairs = report.pairs.map(([name, value]) => [name, name === "csrf_token" ? token : value]);
    return true;
  } catch {
    return false;
  }
};

for (const form of document.querySelectorAll("[data-report-form]")) {
  kept.keptFiles(keyOf(form)).then((stored) => start(form, stored));
  if (form.dataset.worker) navigator.serviceWorker?.register(form.dataset.worker).catch(() => {});
}
