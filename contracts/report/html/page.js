// Filters and sorts what is on the page. Without it everything is shown, broken first.
"use strict";
const filter = document.querySelector("form");
const rows = [...document.querySelectorAll("#results tbody tr")];

function choose() {
  const words = filter.elements.text.value.toLowerCase().split(/\s+/);
  const state = filter.elements.state.value;
  for (const row of rows) {
    const text = row.textContent.toLowerCase();
    row.hidden = (state && row.dataset.state !== state) || !words.every((word) => text.includes(word));
  }
  const shown = rows.filter((row) => !row.hidden).length;
  filter.elements.shown.value = `${shown} of ${rows.length} shown`;
}

function sort(heading) {
  const up = heading.getAttribute("aria-sort") !== "ascending";
  for (const other of heading.parentNode.children) other.removeAttribute("aria-sort");
  heading.setAttribute("aria-sort", up ? "ascending" : "descending");
  const body = heading.closest("table").tBodies[0];
  const key = (row) => row.cells[heading.cellIndex].dataset.key ?? row.cells[heading.cellIndex].textContent;
  const order = new Intl.Collator("en", { numeric: true });
  const sorted = [...body.rows].sort((one, other) => order.compare(key(one), key(other)));
  body.append(...(up ? sorted : sorted.reverse()));
}

for (const heading of document.querySelectorAll("thead th")) {
  const button = document.createElement("button");
  button.type = "button";
  button.append(...heading.childNodes);
  button.addEventListener("click", () => sort(heading));
  heading.append(button);
}

if (filter) {
  filter.hidden = false;
  filter.addEventListener("input", choose);
  filter.addEventListener("submit", (event) => event.preventDefault());
  // A link may lead to a row that the filter hides.
  addEventListener("hashchange", () => {
    filter.reset();
    choose();
    document.querySelector(location.hash)?.scrollIntoView();
  });
  choose();
}
