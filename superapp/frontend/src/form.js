// The report form. It works without this; this saves steps.
//   <form data-report-form data-suggest-url data-draft-key>   fields body, category, address, area, lat, lng, photos, key
//   [data-map] the drawn map   [data-locate] button   [data-draft-say] words in the bar   [data-send-say] words at the end
//   [data-guess] where guessed kinds appear (optional, made before the category's field)   .steps a  the step bar
import { join, place } from "./map.js";
import { gather } from "./photos.js";
import { busy, idle } from "./sending.js";
import { element, word } from "./words.js";

// Who reports is never kept: many share a phone.
const KEPT = ["body", "category", "kind", "address", "area", "lat", "lng", "anonymous", "secret", "key", "idempotency_key"];
const RETRY_MS = 20_000;
const KEEP_MS = 3 * 24 * 3600 * 1000;

const start = (form, files = [], restore = true) => {
  const fields = form.elements;
  const draftKey = `draft:${form.dataset.draftKey || location.pathname}`;
  const map = form.querySelector("[data-map]");
  const setPoint = map ? join(form, map) : null;
  const photoBox = form.querySelector("[data-photos]");
  if (photoBox) gather(photoBox, files);
  const say = (text) => document.querySelectorAll("[data-draft-say]").forEach((each) => (each.textContent = text));

  // The draft, with its key: a report that was sent but never answered is not made twice.
  const read = () => Object.fromEntries(KEPT.filter((name) => fields[name]).map((name) => [name, fields[name].type === "checkbox" ? fields[name].checked : fields[name].value]));
  const save = (queued = false) => {
    try {
      localStorage.setItem(draftKey, JSON.stringify({ ...read(), queued, at: Date.now() }));
      if (!queued) say(word("draft-saved"));
    } catch {
      say("");
    }
  };
  const forget = () => localStorage.removeItem(draftKey);
  const bring = () => {
    let kept = null;
    try {
      kept = JSON.parse(localStorage.getItem(draftKey) ?? "null");
    } catch {
      forget();
    }
    if (!kept || Date.now() - kept.at > KEEP_MS) return forget();
    if (!kept.body && !kept.address) return;
    for (const name of KEPT) {
      if (!fields[name] || kept[name] === undefined) continue;
      if (fields[name].type === "checkbox") fields[name].checked = kept[name];
      else if (kept[name] !== "") fields[name].value = kept[name];
    }
    if (map && kept.lat && kept.lng) place(map, Number(kept.lat), Number(kept.lng));
    say(word(kept.queued ? "not-sent" : "draft-saved"));
  };
  if (restore && !fields.body?.value) bring();
  let waiting = 0;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(save, 400);
  });
  form.addEventListener("placed", () => save());

  guess(form, fields, save);
  locate(form, setPoint);
  steps(form);
  send(form, files, { save, forget });
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

const send = (form, files, draft) => {
  const said = form.querySelector("[data-send-say]") ?? form.querySelector(".form-end")?.appendChild(element("p", { className: "hint" }));
  said?.setAttribute("role", "status");
  const tell = (text) => said && (said.textContent = text);
  const bar = element("progress", { className: "upload", max: 1, value: 0, hidden: true });
  said?.before(bar);
  let again = 0;

  const queue = () => {
    draft.save(true);
    tell(word("queued"));
    clearTimeout(again);
    again = setTimeout(post, RETRY_MS);
  };
  const answered = (call) => {
    if (call.status < 400) {
      draft.forget();
      return location.replace(call.responseURL);
    }
    const page = new DOMParser().parseFromString(call.responseText, "text/html");
    const fresh = page.querySelector("main");
    if (!fresh) return tell(word("failed"));
    document.querySelector("main").replaceWith(fresh);
    document.title = page.title;
    const next = fresh.querySelector("[data-report-form]");
    if (next) start(next, files, false);
    (fresh.querySelector("[data-summary]") ?? fresh.querySelector("h1"))?.focus();
    scrollTo(0, 0);
  };
  const post = () => {
    clearTimeout(again);
    const body = new FormData(form);
    body.delete("photos");
    for (const file of files) body.append("photos", file, file.name);
    const call = new XMLHttpRequest();
    call.open("POST", form.getAttribute("action") || location.href);
    call.setRequestHeader("Accept", "text/html");
    call.upload.onprogress = ({ loaded, total }) => {
      bar.hidden = total < 200_000;
      bar.value = total ? loaded / total : 0;
    };
    call.onload = () => {
      bar.hidden = true;
      // 502 to 504: the line or the front door, not an answer to the report.
      if (call.status >= 502 && call.status <= 504) return queue();
      idle(form);
      answered(call);
    };
    call.onerror = queue;
    call.send(body);
  };
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented || form.dataset.sending) return;
    event.preventDefault();
    busy(form, event.submitter);
    tell("");
    navigator.onLine ? post() : queue();
  });
  addEventListener("online", () => form.dataset.sending && form.isConnected && post());
};

for (const form of document.querySelectorAll("[data-report-form]")) start(form);
