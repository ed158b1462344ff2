// Drawing on a photo what has to be covered: a drag becomes a rectangle, and its sides become numbers of the form.
const form = document.querySelector("[data-redact]");
const stage = form?.querySelector("[data-stage]");
const SIDES = ["left", "top", "right", "bottom"];
const SMALLEST = 0.5; // percent: less is a tap that slipped

const boxes = () => [...form.querySelectorAll("[data-box]")];
const inputs = (box) => Object.fromEntries(SIDES.map((side) => [side, box.querySelector(`[data-side=${side}]`)]));
const read = (box) => {
  const fields = inputs(box);
  const values = SIDES.map((side) => Number.parseFloat(fields[side].value.replace(",", ".")));
  return values.every(Number.isFinite) ? Object.fromEntries(SIDES.map((side, place) => [side, values[place]])) : null;
};
const write = (box, area) => {
  const fields = inputs(box);
  for (const side of SIDES) fields[side].value = area ? area[side].toFixed(1) : "";
};

/** A box of the form that is still empty; a new one when all are used. */
const free = () => {
  const found = boxes().find((box) => SIDES.every((side) => !inputs(box)[side].value));
  if (found) return found;
  const last = boxes().at(-1);
  const next = last.cloneNode(true);
  const place = boxes().length;
  if (place >= 40) return null;
  for (const side of SIDES) {
    inputs(next)[side].name = `${side}-${place}`;
    inputs(next)[side].value = "";
  }
  next.querySelector("legend").textContent = `${form.querySelector("[data-boxes]").dataset.words} ${place + 1}`;
  last.after(next);
  return next;
};

const place = (shade, area) => {
  shade.style.left = `${area.left}%`;
  shade.style.top = `${area.top}%`;
  shade.style.width = `${area.right - area.left}%`;
  shade.style.height = `${area.bottom - area.top}%`;
};
const draw = () => {
  for (const old of stage.querySelectorAll(".redact-shade")) old.remove();
  for (const box of boxes()) {
    const area = read(box);
    if (!area) continue;
    const shade = document.createElement("div");
    shade.className = "redact-shade";
    place(shade, area);
    stage.append(shade);
  }
};

const at = (event) => {
  const frame = stage.getBoundingClientRect();
  const within = (value) => Math.min(100, Math.max(0, value));
  return {
    x: within(((event.clientX - frame.left) / frame.width) * 100),
    y: within(((event.clientY - frame.top) / frame.height) * 100),
  };
};
const between = (one, other) => ({
  left: Math.min(one.x, other.x),
  top: Math.min(one.y, other.y),
  right: Math.max(one.x, other.x),
  bottom: Math.max(one.y, other.y),
});

if (stage) {
  stage.classList.add("is-drawing");
  form.querySelector("[data-cells]").disabled = true; // one way at a time: ticked cells would add to the rectangles
  form.querySelector("[data-cells]").hidden = true;
  form.querySelector("[data-no-draw]").hidden = true;
  form.querySelector("[data-draw]").hidden = false;
  let start = null;
  let shade = null;
  stage.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    stage.setPointerCapture(event.pointerId);
    start = at(event);
    shade = document.createElement("div");
    shade.className = "redact-shade";
    stage.append(shade);
  });
  stage.addEventListener("pointermove", (event) => start && place(shade, between(start, at(event))));
  stage.addEventListener("pointerup", (event) => {
    if (!start) return;
    const area = between(start, at(event));
    start = null;
    const box = area.right - area.left >= SMALLEST && area.bottom - area.top >= SMALLEST ? free() : null;
    if (box) write(box, area);
    draw();
  });
  stage.addEventListener("pointercancel", () => {
    start = null;
    draw();
  });
  form.querySelector("[data-undo]").addEventListener("click", () => {
    const used = boxes().filter(read).at(-1);
    if (used) write(used, null);
    draw();
  });
  form.addEventListener("input", draw);
  draw();
}
