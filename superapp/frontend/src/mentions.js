// Naming a unit or a role in a note: what may follow the @ is offered while it is typed.
import { element } from "./words.js";

const MOST = 6;
let names = null;
const load = async (url) => {
  names ??= fetch(url, { headers: { Accept: "application/json" } }).then((answer) => answer.json()).then((told) => told.names);
  return names.catch(() => []);
};

for (const field of document.querySelectorAll("[data-mentions]")) {
  const list = element("div", { className: "names", hidden: true, id: `${field.id}-names` });
  list.setAttribute("role", "listbox");
  field.after(list);
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);
  let at = 0;

  const begun = () => /(^|\s)@([\w.-]*)$/.exec(field.value.slice(0, field.selectionStart))?.[2];
  const close = () => {
    list.hidden = true;
    field.removeAttribute("aria-activedescendant");
  };
  const mark = (index) => {
    const options = [...list.children];
    at = (index + options.length) % options.length;
    options.forEach((each, place) => each.setAttribute("aria-selected", String(place === at)));
    field.setAttribute("aria-activedescendant", options[at].id);
  };
  const choose = (code) => {
    const end = field.selectionStart;
    const start = end - begun().length;
    field.setRangeText(`${code} `, start, end, "end");
    close();
    field.focus();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };

  field.addEventListener("input", async () => {
    if (begun() === undefined) return close();
    const known = await load(field.dataset.mentions);
    const words = begun()?.toLowerCase();
    if (words === undefined) return close();
    const fitting = known.filter(([code, title]) => code.toLowerCase().startsWith(words) || title.toLowerCase().includes(words)).slice(0, MOST);
    list.replaceChildren(
      ...fitting.map(([code, title], place) => {
        const option = element("div", { className: "name", id: `${list.id}-${place}` }, element("strong", { textContent: `@${code}` }), ` ${title}`);
        option.setAttribute("role", "option");
        option.addEventListener("mousedown", (event) => {
          event.preventDefault();
          choose(code);
        });
        option.dataset.code = code;
        return option;
      }),
    );
    list.hidden = fitting.length === 0;
    if (fitting.length) mark(0);
  });
  field.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    const moves = { ArrowDown: 1, ArrowUp: -1 };
    if (moves[event.key]) mark(at + moves[event.key]);
    else if ((event.key === "Enter" && !event.ctrlKey) || event.key === "Tab") choose(list.children[at].dataset.code);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  field.addEventListener("blur", close);
}
