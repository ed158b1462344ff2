// A tap on the drawn map sets the point. The drawing is an <svg data-map> with its edges in degrees;
// shapes of villages carry data-area, so the village follows the point.
const NS = "http://www.w3.org/2000/svg";

const edges = (map) => Object.fromEntries(["west", "south", "east", "north"].map((side) => [side, Number(map.dataset[side])]));

const marker = (map) => {
  const found = map.querySelector("[data-marker]");
  if (found) return found;
  const group = document.createElementNS(NS, "g");
  group.setAttribute("data-marker", "");
  const path = document.createElementNS(NS, "path");
  path.setAttribute("class", "map-marker");
  path.setAttribute("d", "M0 0c-9-11-14-18-14-25a14 14 0 1 1 28 0c0 7-5 14-14 25zM0-20a5 5 0 1 0 0-10 5 5 0 0 0 0 10z");
  path.setAttribute("fill-rule", "evenodd");
  group.append(path);
  map.append(group);
  return group;
};

/** Put the marker at degrees; true when the point lies on the drawing. */
export const place = (map, lat, lng) => {
  const { west, south, east, north } = edges(map);
  const { width, height } = map.viewBox.baseVal;
  const x = ((lng - west) / (east - west)) * width;
  const y = ((north - lat) / (north - south)) * height;
  const inside = x >= 0 && y >= 0 && x <= width && y <= height;
  const mark = marker(map);
  mark.toggleAttribute("hidden", !inside);
  mark.setAttribute("transform", `translate(${x.toFixed(1)} ${y.toFixed(1)})`);
  return inside;
};

/** The code of the village whose shape holds the point, or "". */
export const areaAt = (map, lat, lng) => {
  const { west, south, east, north } = edges(map);
  const { width, height } = map.viewBox.baseVal;
  const point = map.createSVGPoint();
  point.x = ((lng - west) / (east - west)) * width;
  point.y = ((north - lat) / (north - south)) * height;
  for (const shape of map.querySelectorAll("[data-area]")) if (shape.isPointInFill?.(point)) return shape.dataset.area;
  return "";
};

/** Call `chosen(lat, lng)` for each tap. */
export const onTap = (map, chosen) =>
  map.addEventListener("click", (event) => {
    const box = map.getBoundingClientRect();
    const { west, south, east, north } = edges(map);
    chosen(north - ((event.clientY - box.top) / box.height) * (north - south), west + ((event.clientX - box.left) / box.width) * (east - west));
  });

/** Join a map to the fields lat, lng and area of its form. */
export const join = (form, map) => {
  const set = (lat, lng) => {
    form.elements.lat.value = lat.toFixed(6);
    form.elements.lng.value = lng.toFixed(6);
    place(map, lat, lng);
    const area = form.elements.area;
    const code = areaAt(map, lat, lng);
    if (area && code && [...area.options].some((option) => option.value === code)) area.value = code;
    form.dispatchEvent(new CustomEvent("placed", { bubbles: true }));
  };
  onTap(map, set);
  if (form.elements.lat.value && form.elements.lng.value) place(map, Number(form.elements.lat.value), Number(form.elements.lng.value));
  return set;
};

for (const map of document.querySelectorAll("[data-map]")) {
  const form = map.closest("form:not([data-report-form])");
  if (form?.elements.lat) join(form, map);
}
