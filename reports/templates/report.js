"use strict";

const find = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];

const setup = JSON.parse(find("#setup").textContent);
const overview = find("#overview");
const view = find("#view");
const form = find("#filters");
const rows = all(".matrix tr[data-words]");
const packed = new Map(all("script[data-view]").map((s) => [s.dataset.view, s]));
const bySeverity = new Map(setup.severity.map((s) => [s.code, s]));
const title = document.title;

/* Filters: what the form says decides which rows and columns are shown, and what a cell is named after. */

function chosen() {
  return Object.fromEntries([...new FormData(form)].filter(([, value]) => value));
}

function worst(codes, law, dtype) {
  const count = setup.dtypes.length;
  const kept = [...codes].filter((_, i) =>
    (!law || setup.laws[Math.floor(i / count)] === law) && (!dtype || setup.dtypes[i % count] === dtype));
  return setup.severity.find((s) => kept.includes(s.code));
}

function name(cell, filters) {
  const narrowed = Boolean(filters.law || filters.dtype);
  const found = worst(cell.dataset.verdicts, filters.law, filters.dtype);
  cell.className = found ? found.name : "none";
  find("[aria-hidden]", cell).textContent = found ? found.mark : "·";
  find(".word", cell).textContent = found ? found.name : "not judged";
  find("small", cell).hidden = narrowed;
}

function filter() {
  const filters = chosen();
  const words = (filters.q || "").toLowerCase().split(/\s+/).filter(Boolean);
  const renamed = (filters.law || "") + (filters.dtype || "");
  let shown = 0;
  for (const row of rows) {
    const cells = all("td[data-verdicts]", row);
    if (renamed !== filter.renamed) cells.forEach((cell) => name(cell, filters));
    const counted = cells.filter((cell) => !filters.backend || cell.dataset.column === filters.backend);
    row.hidden = !(words.every((word) => row.dataset.words.includes(word))
      && (!filters.kind || row.parentElement.dataset.kind === filters.kind)
      && (!filters.verdict || counted.some((cell) => cell.className === filters.verdict)));
    shown += !row.hidden;
  }
  filter.renamed = renamed;
  all(".matrix tbody").forEach((body) => { body.hidden = !find("tr[data-words]:not([hidden])", body); });
  if (filters.backend !== filter.backend) {
    all(".matrix [data-column]").forEach((cell) => {
      cell.hidden = Boolean(filters.backend) && cell.dataset.column !== filters.backend;
    });
    filter.backend = filters.backend;
  }
  find("output", form).textContent = shown === rows.length ? `${shown} ops` : `${shown} of ${rows.length} ops`;
}
filter.renamed = "";

function remember() {
  const query = new URLSearchParams(chosen()).toString();
  history.replaceState(null, "", query ? `#?${query}` : "#");
}

function restore(query) {
  const values = new URLSearchParams(query);
  for (const field of form.elements) {
    if (field.name) field.value = values.get(field.name) || "";
  }
}

/* Pages: the address after # is an op, a cell of it, or one of the pages beside the table. */

async function unpacked(script) {
  const bytes = Uint8Array.from(atob(script.textContent), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).text();
}

function page(address) {
  if (packed.has(address)) return address;
  return [...packed.keys()].find((key) => address.startsWith(`${key}/`));
}

const left = { query: "", scroll: 0 };

async function open(address) {
  const key = page(address);
  if (view.hidden) Object.assign(left, { query: new URLSearchParams(chosen()).toString(), scroll: scrollY });
  view.innerHTML = await unpacked(packed.get(key));
  overview.hidden = true;
  view.hidden = false;
  document.title = `${key} · ${title}`;
  plot();
  const cell = document.getElementById(address);
  if (cell) cell.open = true;
  const place = cell ? find("summary", cell) : find("h2", view);
  place.focus({ preventScroll: true });
  cell ? cell.scrollIntoView() : scrollTo(0, 0);
}

function back() {
  location.hash = left.query ? `?${left.query}` : "";
}

function close(query) {
  const returned = !view.hidden && query === left.query;
  view.hidden = true;
  view.replaceChildren();
  overview.hidden = false;
  document.title = title;
  restore(query);
  filter();
  if (returned) scrollTo(0, left.scroll);
}

function addressed() {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    return "";
  }
}

function route() {
  const address = addressed();
  const from = location.hash.startsWith("#?") ? location.hash.slice(2) : "";
  all("nav[aria-label=Pages] a").forEach((link) => {
    const here = link.hash.slice(1) === (packed.has(address) && !address.includes("/") ? address : "");
    here ? link.setAttribute("aria-current", "page") : link.removeAttribute("aria-current");
  });
  if (page(address)) return open(address);
  const covered = overview.hidden;
  close(from);
  /* The browser has focused a target that was to be seen, and this event comes after the next key may have. */
  const target = covered && address && document.getElementById(address);
  if (target) target.focus();
}

/* Plots: a chart is the same for every op; its numbers follow its figure. */

async function load() {
  const script = document.createElement("script");
  script.textContent = await unpacked(find("#runtime"));
  document.head.append(script);
}

async function plot() {
  const figures = all("figure.plot", view);
  if (figures.length && !window.vegaEmbed) await load();
  for (const figure of figures) {
    const spec = setup.charts[figure.dataset.chart];
    const narrow = figure.clientWidth < 900;
    const values = JSON.parse(figure.nextElementSibling.textContent);
    const judged = (panel) => !panel.name || values.some((one) => one.law === panel.name);
    const width = Math.min(400, narrow ? figure.clientWidth - 170 : figure.clientWidth / 2 - 170);
    const chart = {
      ...spec,
      columns: narrow ? 1 : 2,
      concat: spec.concat.filter(judged).map((panel) => ({ ...panel, width })),
      data: { ...spec.data, values },
    };
    vegaEmbed(figure, chart, { renderer: "svg", actions: false });
  }
}

/* Tables that are sorted by the power in a column: the largest gain, which is the weakest, first. */

function sort(button) {
  const head = button.closest("th");
  const weakest = head.ariaSort !== "descending";
  const column = [...head.parentElement.children].indexOf(head);
  const body = find("tbody", head.closest("table"));
  const key = (row) => {
    const power = row.children[column].dataset.power;
    if (power === undefined) return weakest ? -1 : Infinity;
    return power === "inf" ? Number.MAX_VALUE : Number(power);
  };
  const sorted = [...body.rows].sort((a, b) => (weakest ? key(b) - key(a) : key(a) - key(b)));
  all("[aria-sort]", head.parentElement).forEach((other) => { other.ariaSort = "none"; });
  head.ariaSort = weakest ? "descending" : "ascending";
  body.append(...sorted);
}

/* Keys and buttons. */

function walk(event) {
  const here = event.target.closest(".matrix td, .matrix tbody th");
  const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
  if (!here || !step) return;
  event.preventDefault();
  const shown = rows.filter((row) => !row.hidden);
  const row = shown[shown.indexOf(here.parentElement) + step[0]];
  const links = row && [...row.children].filter((cell) => !cell.hidden);
  const column = [...here.parentElement.children].filter((cell) => !cell.hidden).indexOf(here) + step[1];
  const link = links && links[column] && find("a", links[column]);
  if (link) link.focus();
}

function press(event) {
  const typing = event.target.matches("input, select, textarea");
  if (event.key === "/" && !typing) {
    event.preventDefault();
    if (overview.hidden) {
      history.pushState(null, "", left.query ? `#?${left.query}` : "#");
      route();
    }
    form.elements.q.focus();
  } else if (event.key === "Escape" && overview.hidden) {
    back();
  } else {
    walk(event);
  }
}

async function copy(button) {
  const block = button.parentElement;
  const texts = [find(".helpers", block), find("pre", block)].filter(Boolean).map((pre) => pre.textContent.trim());
  await navigator.clipboard.writeText(`${texts.join("\n\n\n")}\n`);
  button.textContent = "copied";
  setTimeout(() => { button.textContent = "copy"; }, 1500);
}

/* Light and dark: as the system has it, until somebody chooses. */

const prefersDark = matchMedia("(prefers-color-scheme: dark)");

function dress(theme) {
  document.documentElement.dataset.theme = theme || (prefersDark.matches ? "dark" : "light");
}

function theme() {
  return localStorage.getItem("etalon-theme");
}

find("#theme").addEventListener("click", () => {
  const other = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
  localStorage.setItem("etalon-theme", other);
  dress(other);
});
prefersDark.addEventListener("change", () => dress(theme()));
form.addEventListener("input", () => { filter(); remember(); });
form.addEventListener("reset", () => setTimeout(() => { filter(); remember(); }));
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const [first, ...more] = rows.filter((row) => !row.hidden);
  if (first && !more.length) location.hash = find("th a", first).hash;
});
view.addEventListener("click", (event) => {
  if (event.target.matches(".copy")) copy(event.target);
  if (event.target.matches(".sort")) sort(event.target);
  if (event.target.matches(".home")) {
    event.preventDefault();
    back();
  }
});
window.addEventListener("beforeprint", () => all("details").forEach((details) => { details.open = true; }));
document.addEventListener("keydown", press);
window.addEventListener("hashchange", route);
dress(theme());
route();
