// Searches past issues in the browser. The index is loaded once someone begins to use the form; see pagefind.app.
const find = (name) => document.getElementById(`page__${name}`);
const form = find("search"), heading = find("found"), status = find("status"), list = find("results");
const more = find("more"), entry = find("entry").content, say = form.dataset;
const atOnce = Number(say.atOnce), sort = { month: "desc" };
let engines, results = [], asked = 0;

const fill = (text, values) => text.replace(/{(\w+)}/g, (_, name) => values[name]);
const count = (number) => number.toLocaleString(document.documentElement.lang);

function open() {
  engines ??= Promise.all(say.indexes.split(" ").map(async (place) => {
    const engine = await import(`${place}pagefind.js`);
    await engine.options({ excerptLength: 28 });
    await engine.init();
    return engine;
  })).catch((fault) => {
    engines = undefined;
    throw fault;
  });
  return engines;
}

// An excerpt comes as words, with marks around those that were found. Nothing of it is taken for HTML.
function writeExcerpt(target, data) {
  const plain = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">");
  if (!data.raw_content.startsWith(data.plain_excerpt)) target.append("… ");
  data.excerpt.split(/<mark>(.*?)<\/mark>/).forEach((piece, at) => {
    if (at % 2) {
      const [, before, word, after] = plain(piece).match(/^([^\p{L}\p{N}]*)(.*?)([^\p{L}\p{N}]*)$/su);
      const mark = document.createElement("mark");
      mark.textContent = word;
      target.append(before, mark, after);
    } else target.append(plain(piece));
  });
  if (!data.raw_content.trimEnd().endsWith(data.plain_excerpt)) target.append(" …");
}

function writeEntry(data) {
  const item = entry.cloneNode(true), link = item.querySelector("a"), [where, excerpt] = item.querySelectorAll("p");
  link.href = data.url;
  link.textContent = data.meta.title;
  where.textContent = data.meta.where;
  if (data.meta.lang !== document.documentElement.lang) link.parentNode.lang = excerpt.lang = data.meta.lang;
  if (data.raw_content === data.meta.title) excerpt.remove(); // it has no other words
  else writeExcerpt(excerpt, data);
  return item;
}

// Adds the next results; the first of them gets the focus if a click asked for them.
async function showMore(mine, focus) {
  const shown = list.children.length;
  const next = await Promise.all(results.slice(shown, shown + atOnce).map((result) => result.data()));
  if (mine !== asked) return;
  list.append(...next.map(writeEntry));
  const now = list.children.length, left = Math.min(atOnce, results.length - now);
  status.textContent = results.length ? fill(say.showing, { n: count(now), all: count(results.length) }) : say.advice;
  more.hidden = !left;
  if (left) {
    const button = document.createElement("button");
    button.className = "button";
    button.type = "button";
    button.textContent = fill(left === 1 ? say.moreOne : say.more, { n: left });
    button.addEventListener("click", () => showMore(mine, true));
    more.replaceChildren(button);
  }
  if (focus) list.children[shown]?.querySelector("a").focus();
}

async function search() {
  const given = new FormData(form), q = given.get("q").trim(), mine = ++asked;
  if (!q) return;
  const filters = Object.fromEntries([...given].filter(([name, value]) => name !== "q" && value));
  list.replaceChildren();
  heading.hidden = more.hidden = true;
  status.textContent = say.wait;
  try {
    const found = await Promise.all((await open()).map((engine) => engine.search(q, { filters, sort })));
    if (mine !== asked) return;
    // They come by month: of two that are as good as each other, the newer one is first.
    results = found.flatMap((each) => each.results).sort((one, other) => other.score - one.score);
    history.replaceState({ q, ...filters }, "", location.pathname); // it is there again on the way back, and in no log
    const n = results.length;
    heading.textContent = fill(n === 1 ? say.one : n ? say.many : say.none, { n: count(n), q });
    heading.hidden = false;
    await showMore(mine, false);
  } catch {
    status.textContent = say.trouble;
    if (say.served) form.submit(); // the server finds it
  }
}

find("without")?.remove();
form.hidden = false;
form.addEventListener("focusin", () => open().catch(() => {}), { once: true });
form.addEventListener("submit", (event) => {
  event.preventDefault();
  search();
});
if (heading.hidden) {
  const before = history.state ?? Object.fromEntries(new URLSearchParams(location.search));
  for (const field of form.elements) if (Object.hasOwn(before, field.name)) field.value = before[field.name];
  search();
}
