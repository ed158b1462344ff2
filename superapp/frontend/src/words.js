// Words come from the page, so that they are translated where all others are.
export const word = (key) =>
  document.querySelector(`[data-say-${key}]`)?.getAttribute(`data-say-${key}`) ?? "";

export const icon = (name) => {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
};

export const element = (tag, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
};

export const toast = (text) => {
  const box = element("div", { className: "toast" }, icon("check"), element("p", { textContent: text }));
  box.setAttribute("role", "status");
  document.querySelector("[data-toasts]")?.append(box);
  setTimeout(() => box.remove(), 6000);
};
