// Photos of the form: chosen several times, looked at, removed, made smaller before they travel.
import { element, icon, word } from "./words.js";

const LONGEST = 1600;
const SMALL_ENOUGH = 600_000;

/** A smaller JPEG without the place in it, or the file as it is when the browser cannot read it. */
export const shrink = async (file) => {
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    if (scale === 1 && file.size < SMALL_ENOUGH && file.type === "image/jpeg") return file;
    const canvas = element("canvas", { width: Math.round(picture.width * scale), height: Math.round(picture.height * scale) });
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.82));
    return blob && blob.size < file.size ? new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" }) : file;
  } catch {
    return file;
  }
};

/** Take over a file field; answers the list of files that the form will send. `changed` hears each change. */
export const gather = (box, files = [], changed = () => {}) => {
  const input = box.querySelector("input[type=file]");
  const shots = box.querySelector("[data-shots]");
  const say = box.querySelector("[data-shots-say]");
  const most = Number(input.dataset.most || 5);
  const pick = element("button", { type: "button", className: "btn btn-second btn-big pick-photos" }, icon("camera"), word("pick"));
  pick.addEventListener("click", () => input.click());
  input.after(pick);
  input.tabIndex = -1;
  input.classList.add("visually-hidden");

  const draw = () => {
    for (const image of shots.querySelectorAll("img")) URL.revokeObjectURL(image.src);
    shots.replaceChildren(...files.map(shot));
    if (files.length && files.length < most) {
      const add = element("button", { type: "button", className: "shot-add" }, icon("camera"), word("add"));
      add.addEventListener("click", () => input.click());
      shots.append(add);
    }
    shots.hidden = files.length === 0;
    pick.hidden = files.length > 0;
  };
  const shot = (file, index) => {
    const image = element("img", { src: URL.createObjectURL(file), alt: `${word("photo")} ${index + 1}` });
    const remove = element("button", { type: "button" }, icon("x"));
    remove.setAttribute("aria-label", `${word("remove")} ${index + 1}`);
    remove.addEventListener("click", () => {
      files.splice(index, 1);
      draw();
      changed();
      (files.length ? shots.querySelector("button") : pick).focus();
    });
    return element("div", { className: "shot" }, image, remove);
  };

  input.addEventListener("change", async () => {
    const chosen = [...input.files];
    input.value = "";
    const room = most - files.length;
    say.textContent = chosen.length > room ? word("too-many") : "";
    files.push(...(await Promise.all(chosen.slice(0, room).map(shrink))));
    draw();
    changed();
  });
  draw();
  return files;
};
