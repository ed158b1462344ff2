// On every page: nothing is sent twice, toasts leave, things can be copied and shared.
import { busy, idle } from "./sending.js";
import { element, toast, word } from "./words.js";

document.documentElement.classList.add("has-script");

addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  const question = event.submitter?.dataset.confirm;
  if (form.dataset.sending || (question && !confirm(question))) return event.preventDefault();
  busy(form, event.submitter);
});

// Back from the next page, the browser shows this one as it was left.
addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form[data-sending]").forEach(idle);
});

const copy = async (text) => {
  await navigator.clipboard.writeText(text);
  toast(word("copied"));
};

addEventListener("click", (event) => {
  const share = event.target.closest("[data-share]");
  if (!share) return;
  const url = share.dataset.share || location.href;
  if (navigator.share) navigator.share({ title: document.title, url }).catch(() => {});
  else copy(url).catch(() => {});
});

for (const code of navigator.clipboard ? document.querySelectorAll("[data-copy]") : []) {
  const button = element("button", { type: "button", className: "btn btn-quiet", textContent: word("copy") });
  button.addEventListener("click", () => copy(code.dataset.copy || code.textContent.trim()).catch(() => {}));
  code.after(" ", button);
}
// A toast stays while somebody points at it or has the focus in it.
const leave = (box) => (box.matches(":hover, :focus-within") ? setTimeout(leave, 2000, box) : box.remove());
for (const box of document.querySelectorAll("[data-toast]")) setTimeout(leave, 6000, box);
document.querySelectorAll("[data-share], [data-script-only]").forEach((each) => (each.hidden = false));
document.querySelector("[data-summary], [data-focus]")?.focus();
for (const form of document.querySelectorAll("[data-filters]")) form.addEventListener("change", () => form.requestSubmit());
