// Keys at the desk. Every key stands on the thing it works (data-key), so the list of keys never lies.
import "./casework.js";
import { element, word } from "./words.js";

const OFF = "keys-off";
const rows = [...document.querySelectorAll("[data-row]")];
let here = -1;
// Off on this device, or off for this officer everywhere.
const switchedOff = () => localStorage.getItem(OFF) === "yes" || document.querySelector('[data-keys="off"]') !== null;

const focusRow = (index) => {
  rows[here]?.classList.remove("is-focused");
  here = Math.max(0, Math.min(rows.length - 1, index));
  rows[here].classList.add("is-focused");
  rows[here].scrollIntoView({ block: "nearest" });
  rows[here].querySelector("[data-open]")?.focus({ preventScroll: true });
};

const press = (target) => {
  if (target.matches("input[type=radio], input[type=checkbox]")) target.focus();
  else if (target.matches("input, textarea, select")) return target.focus();
  target.click();
  if (target.matches("summary")) target.parentElement.querySelector("input:not([type=hidden]), textarea, select")?.focus();
};

const onList = {
  j: () => focusRow(here + 1),
  k: () => focusRow(here - 1),
  x: (event) => (event.shiftKey ? document.querySelector("[data-pick-all]") : rows[here]?.querySelector("[data-pick]"))?.click(),
};

const typing = (target) =>
  target.isContentEditable || target.matches("textarea, select, input:not([type=radio], [type=checkbox], [type=submit])");

addEventListener("keydown", (event) => {
  const form = event.target.closest?.("form[data-submit-key]") ?? document.querySelector("form[data-submit-key]");
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && form) {
    event.preventDefault();
    return form.requestSubmit();
  }
  if (event.ctrlKey || event.metaKey || event.altKey || switchedOff()) return;
  if (typing(event.target)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  if (document.querySelector("dialog[open]")) return;
  const key = event.key.toLowerCase();
  const inRow = rows[here]?.querySelector(`[data-key="${CSS.escape(key)}"]`);
  const target = inRow ?? [...document.querySelectorAll("[data-key]")].find((each) => each.dataset.key.toLowerCase() === key && !each.closest("[data-row]"));
  if (rows.length && onList[key]) onList[key](event);
  else if (target) press(target);
  else return;
  event.preventDefault();
});

const bulk = document.querySelector("[data-bulk]");
const picks = [...document.querySelectorAll("[data-pick]")];
const all = document.querySelector("[data-pick-all]");
const countPicks = () => {
  const chosen = picks.filter((each) => each.checked);
  for (const each of picks) each.closest("[data-row]").classList.toggle("is-picked", each.checked);
  if (all) {
    all.checked = picks.length > 0 && chosen.length === picks.length;
    all.indeterminate = chosen.length > 0 && !all.checked;
  }
  if (!bulk) return;
  bulk.hidden = chosen.length === 0;
  bulk.querySelector("[data-bulk-count]").textContent = chosen.length;
  (document.querySelector("[data-tools]") ?? document.querySelector("[data-filters]"))?.toggleAttribute("hidden", chosen.length > 0);
};
for (const each of picks) each.addEventListener("change", countPicks);
countPicks();
addEventListener("pageshow", countPicks); // the browser may have kept what was picked
all?.addEventListener("change", () => {
  for (const each of picks) each.checked = all.checked;
  countPicks();
});

// The list of keys: the hints at the foot first, then everything that carries a key.
const known = () => {
  const found = new Map();
  for (const each of document.querySelectorAll("[data-hint]")) found.set(each.dataset.hint, each.dataset.hintWords);
  for (const each of document.querySelectorAll("[data-key][data-key-words]"))
    if (!found.has(each.dataset.key.toUpperCase())) found.set(each.dataset.key.toUpperCase(), each.dataset.keyWords);
  return found;
};
const showKeys = (page) => {
  const list = element("dl");
  for (const [keys, words] of known())
    list.append(element("div", {}, element("dt", {}, ...keys.split(" ").map((key) => element("kbd", { textContent: key }))), element("dd", { textContent: words })));
  const off = element("input", { type: "checkbox", checked: switchedOff() });
  off.addEventListener("change", () => localStorage.setItem(OFF, off.checked ? "yes" : "no"));
  const close = element("button", { className: "btn btn-second", textContent: word("close") });
  const box = element("dialog", { className: "keys" },
    element("h2", { textContent: word("keys") }), list,
    ...(page ? [element("p", {}, element("a", { href: page, textContent: word("all-keys") }))] : []),
    element("form", { method: "dialog" }, element("label", { className: "choice" }, off, element("span", { className: "choice-title", textContent: word("keys-off") })), close));
  box.addEventListener("close", () => box.remove());
  document.body.append(box);
  box.showModal();
};
for (const each of document.querySelectorAll("[data-show-keys]")) {
  each.hidden = false;
  each.addEventListener("click", (event) => {
    event.preventDefault();
    showKeys(each.href);
  });
}
