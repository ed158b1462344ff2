// While a report is written: what it may still lack, and the questions of its kind. It never stops anybody.
//   <form data-coach-url>   fields body, category, address, area, lat
//   [data-hints] where hints appear   [data-questions] the questions; its value is the kind they belong to
import { element, icon } from "./words.js";

const WAIT_MS = 800;
const SHORTEST = 12;

/** Ask for hints as the form changes; `filled` hears when questions were put in. */
export const coach = (form, filled = () => {}) => {
  const hints = form.querySelector("[data-hints]");
  const asked = form.querySelector("[data-questions]");
  const fields = form.elements;
  if (!form.dataset.coachUrl || !fields.body) return;
  let before = "";
  let waiting = 0;

  const ask = async () => {
    const text = fields.body.value.trim();
    const kind = fields.category?.value ?? "";
    const placed = [fields.address, fields.area, fields.lat].some((each) => each?.value.trim());
    if (text.length < SHORTEST && !kind) return hints?.replaceChildren();
    const url = new URL(form.dataset.coachUrl, location.href);
    url.search = new URLSearchParams({ teks: text.slice(0, 600), jenis: kind, tempat: placed ? "1" : "", ada: asked?.dataset.questions ?? "" });
    if (url.href === before) return;
    before = url.href;
    try {
      const answer = await fetch(url, { headers: { Accept: "application/json" } });
      if (answer.ok && before === url.href) show(await answer.json(), text.length >= SHORTEST);
    } catch {
      before = ""; // No line, no hints: the form works as it is.
    }
  };
  const show = (found, written) => {
    const said = written ? found.hints.map((each) => each.text) : [];
    // Only what changed is said again to those who listen.
    if (hints && said.join() !== [...hints.children].map((each) => each.textContent).join()) {
      hints.replaceChildren(...said.map((text) => element("p", {}, icon("info"), element("span", { textContent: text }))));
    }
    if (asked && found.questions !== undefined && found.category !== asked.dataset.questions) put(found);
  };
  const put = (found) => {
    const typed = [...new FormData(form)].filter(([name, value]) => name.startsWith("a-") && typeof value === "string");
    asked.dataset.questions = found.category;
    asked.innerHTML = found.questions;
    fill(asked, typed);
    filled();
  };
  const later = () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, WAIT_MS);
  };
  form.addEventListener("input", (event) => event.target.name?.startsWith("a-") || later());
  form.addEventListener("change", (event) => event.target === fields.category && later());
  form.addEventListener("placed", later);
  if (fields.body.value || fields.category?.value) later();
};

/** Put texts back into questions: [name, value] pairs as FormData gives them. */
export const fill = (box, pairs) => {
  for (const [name, value] of pairs) {
    for (const field of box.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (field.type === "radio" || field.type === "checkbox") field.checked ||= field.value === value;
      else if (field.type !== "file") field.value = value;
    }
  }
};

for (const form of document.querySelectorAll("form[data-coach-url]:not([data-report-form])")) coach(form);
