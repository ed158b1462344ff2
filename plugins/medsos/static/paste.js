// What the bookmark brought stands behind the # of the address, so that no server saw it: into the form.
const brought = new URLSearchParams(location.hash.slice(1));
for (const [name, id] of [["tautan", "f-link"], ["teks", "f-text"]]) {
  const field = document.getElementById(id);
  if (field && brought.get(name) && !field.value.trim()) field.value = brought.get(name).slice(0, 10000);
}
if (brought.has("tautan")) {
  history.replaceState(null, "", location.pathname);
  document.getElementById(brought.get("teks") ? "f-handle" : "f-text")?.focus();
}
