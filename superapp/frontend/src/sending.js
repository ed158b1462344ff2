// A form that is on its way: its buttons rest, and say so.
import { word } from "./words.js";

export const busy = (form, button) => {
  form.dataset.sending = "yes";
  for (const each of form.querySelectorAll("button:not([type=button])")) {
    each.setAttribute("aria-busy", "true");
    // Not at once: a disabled button's own name and value would not be sent.
    setTimeout(() => (each.disabled = true));
  }
  const text = button?.querySelector("span");
  if (text && button.dataset.busy !== "") {
    button.dataset.idle = text.textContent;
    text.textContent = button.dataset.busy || word("sending") || text.textContent;
  }
};

export const idle = (form) => {
  delete form.dataset.sending;
  for (const each of form.querySelectorAll("button[aria-busy]")) {
    each.disabled = false;
    each.removeAttribute("aria-busy");
    if (each.dataset.idle) each.querySelector("span").textContent = each.dataset.idle;
  }
};
