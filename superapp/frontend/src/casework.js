// Writing on a case: drafts are kept while typing, colleagues are seen, templates are put in at once.
import "./mentions.js";
import { element, word } from "./words.js";

const here = document.querySelector("[data-here]");
const base = here?.dataset.here;
const token = () => document.querySelector("[name=csrf_token]")?.value ?? "";
const form = (fields) => new URLSearchParams({ csrf_token: token(), ...fields });
const post = (path, fields) =>
  fetch(`${base}/${path}`, { method: "POST", headers: { Accept: "application/json" }, body: form(fields) });
const stash = (name) => `draft:${base}:${name}`;
const fields = base ? [...document.querySelectorAll("textarea[data-draft]")] : [];
const guarded = new Set(["answer", "progress", "archive"]);
const WAIT = 1200;
const BEAT = 30_000;
let editing = null;

// A page with a toast means that the last form arrived: what was set aside on its way is not needed any more.
if (document.querySelector("[data-toast]"))
  for (const key of Object.keys(sessionStorage)) if (key.startsWith("draft:")) sessionStorage.removeItem(key);

const say = (field, text) => {
  const help = field.closest(".written").querySelector(".written-help");
  const line = help.querySelector("[data-draft-by]") ?? help.insertBefore(element("p", { className: "hint" }), help.firstChild);
  line.dataset.draftBy = "";
  line.textContent = text;
};

const showTheirs = (field, theirs) => {
  const box = field.closest(".written");
  box.querySelector(".written-theirs")?.remove();
  const note = element("p", { className: "notice written-theirs" }, `${word("theirs")} ${theirs.by} `, element("q", { textContent: theirs.text }));
  note.setAttribute("role", "status");
  box.insertBefore(note, box.querySelector(".written-help"));
};

const keep = async (field) => {
  const name = field.dataset.draft;
  const version = field.form.elements[`draft-${name}`];
  const text = field.value;
  try {
    const answer = await post("konsep", { [name]: text, [`draft-${name}`]: version.value });
    if (answer.redirected) return; // signed out: the text waits in this tab
    const told = await answer.json();
    if (answer.status === 409 && told.others?.[name]) {
      version.value = told.others[name].version;
      showTheirs(field, told.others[name]);
    } else if (answer.ok) {
      version.value = told.versions[name] ?? 0;
      if (field.value === text) sessionStorage.removeItem(stash(name));
      if (text.trim()) say(field, word("kept"));
    }
  } catch {
    // no line: the text waits in this tab and is sent with the next letter
  }
};

for (const field of fields) {
  const name = field.dataset.draft;
  const waiting = sessionStorage.getItem(stash(name));
  if (waiting && waiting !== field.value) {
    field.value = waiting;
    field.closest("details:not([open])")?.setAttribute("open", "");
    keep(field);
  }
  let timer = 0;
  field.addEventListener("input", () => {
    sessionStorage.setItem(stash(name), field.value);
    clearTimeout(timer);
    timer = setTimeout(() => keep(field), WAIT);
    const action = name.split("-")[0];
    if (guarded.has(action) && editing !== action) {
      editing = action;
      beat();
    }
  });
  field.form?.addEventListener("submit", () => clearTimeout(timer));
}

for (const choice of document.querySelectorAll("[data-template]"))
  choice.addEventListener("change", () => {
    const text = choice.selectedOptions[0]?.dataset.text;
    const field = choice.form.elements[choice.dataset.template];
    if (!text || !field) return;
    field.value = field.value.trim() ? `${field.value.trimEnd()}\n\n${text}` : text;
    choice.value = "";
    field.focus();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });

const showWriters = (writers) => {
  for (const field of fields) {
    const who = writers[field.dataset.draft.split("-")[0]];
    const box = field.closest(".written");
    const shown = box.querySelector(".written-lock");
    if (!who) shown?.remove();
    else if (!shown) box.prepend(element("p", { className: "notice written-lock", textContent: `${who} ${word("writing")}` }));
  }
};

const beat = async () => {
  if (!base || document.hidden) return;
  try {
    const answer = await post("hadir", editing === null ? {} : { editing });
    if (answer.redirected || !answer.ok) return;
    const told = await answer.json();
    const version = document.querySelector("[name=version]")?.value;
    const moved = version && Number(version) !== told.version ? word("moved") : "";
    here.querySelector("[data-here-say]").textContent = [moved, told.say].filter(Boolean).join(" ");
    here.hidden = !moved && !told.say;
    showWriters(told.writers);
  } catch {
    // no line: nobody is shown until it is back
  }
};
if (base) {
  setInterval(beat, BEAT);
  addEventListener("visibilitychange", beat);
  addEventListener("pagehide", () => navigator.sendBeacon(`${base}/pergi`, form({})));
}
