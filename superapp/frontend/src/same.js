// While somebody writes: a report near by that may be the same. It never stands in the way of sending.
//   <form data-same-url>  [data-same] the tip, hidden until there is one  [data-same-head] [data-same-line] its words
//   [data-same-join] sends the report to the neighbour's address  [data-same-not] the next one, or none
// No submit button: Enter in a field presses the first one of a form, and joining is never meant by that.
const WAIT_MS = 900;
const LEAST = 8;

export const offer = (form, fields) => {
  const tip = form.querySelector("[data-same]");
  if (!tip || !form.dataset.sameUrl) return;
  const part = (name) => tip.querySelector(`[data-same-${name}]`);
  const refused = new Set();
  let found = [];

  const show = () => {
    const next = found.find((each) => !refused.has(each.number));
    tip.hidden = !next;
    if (!next) return;
    part("head").textContent = next.head;
    part("line").textContent = next.line;
    part("join").dataset.target = next.join;
    part("join").setAttribute("aria-label", `${part("join").textContent}: ${next.number}`);
    part("not").dataset.number = next.number;
  };
  part("join").addEventListener("click", (event) => {
    form.dataset.target = event.currentTarget.dataset.target;
    form.requestSubmit();
  });
  part("not").addEventListener("click", (event) => {
    refused.add(event.currentTarget.dataset.number);
    show();
    if (tip.hidden) (fields.address ?? fields.body).focus();
  });

  let asked = "";
  const ask = async () => {
    const text = fields.body.value.trim();
    const placed = fields.address?.value.trim() || (fields.lat?.value && fields.lng?.value);
    if (text.length < LEAST || !placed || fields.secret?.checked) {
      found = [];
      return show();
    }
    const url = new URL(form.dataset.sameUrl, location.href);
    const values = { teks: text.slice(0, 1000), jenis: fields.category?.value, alamat: fields.address?.value, lat: fields.lat?.value, lng: fields.lng?.value };
    for (const [name, value] of Object.entries(values)) if (value) url.searchParams.set(name, value);
    if (url.search === asked) return;
    asked = url.search;
    try {
      const answer = await fetch(url, { headers: { Accept: "application/json" } });
      if (answer.ok) found = await answer.json();
      show();
    } catch {
      // No line, no offer: it is made again after sending.
    }
  };
  let waiting = 0;
  const later = () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, WAIT_MS);
  };
  for (const event of ["input", "change", "placed"]) form.addEventListener(event, later);
  if (fields.body.value) later();
};
