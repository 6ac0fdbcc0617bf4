// The stage: the email in a sandboxed frame, or text. A new version comes in without losing the place.

// The email gets no script, no form and no access to this page. This page can read its document, and keeps the place
// that way. Links open in another tab.
const SANDBOX = "allow-same-origin allow-popups allow-popups-to-escape-sandbox";
const NEAR = 24; // so many parts around the edge are looked for again

const PARTS = "p, li, h1, h2, h3, h4, h5, h6, td, pre";

/** Parts by their words, each with its number among those of the same words. */
function nameParts(page) {
  const seen = new Map();
  return [...page.querySelectorAll(PARTS)]
    .filter((part) => part.textContent.trim() && !part.querySelector("table"))
    .map((part) => {
      const words = part.textContent.trim();
      const number = (seen.get(words) ?? 0) + 1;
      seen.set(words, number);
      return { part, name: `${number} ${words}` };
    });
}

/** Where the reader is: the parts around the upper edge, the nearest first, and how far each is below the edge. */
function findPlace(frame) {
  const page = frame?.contentDocument;
  const top = frame?.contentWindow?.scrollY ?? 0;
  if (!page?.body || !top) return { near: [], top };
  const named = nameParts(page).map(({ part, name }) => ({ name, below: part.getBoundingClientRect().top }));
  const edge = Math.max(0, named.findIndex(({ below }) => below >= 0));
  return { near: [...named.slice(edge, edge + NEAR), ...named.slice(Math.max(0, edge - NEAR), edge).reverse()], top };
}

function returnTo(frame, { near, top }) {
  const there = new Map(near.length ? nameParts(frame.contentDocument).map(({ part, name }) => [name, part]) : []);
  const kept = near.find(({ name }) => there.has(name)); // what is being written has other words now: its neighbour has not
  const goal = kept ? there.get(kept.name).getBoundingClientRect().top + frame.contentWindow.scrollY - kept.below : top;
  frame.contentWindow?.scrollTo({ top: goal, behavior: "instant" });
}

let settle = () => {};

/**
 * Load a mail behind the one that is shown, and swap them once it is there. `shown` gets its document then.
 * The promise is kept when it is shown, or when another one comes before it is.
 */
export function showMail(stage, address, title, shown) {
  settle();
  for (const late of stage.querySelectorAll("iframe.coming")) late.remove();
  const frame = document.createElement("iframe");
  frame.setAttribute("sandbox", SANDBOX);
  frame.title = title;
  frame.className = "coming";
  frame.src = address;
  const settled = new Promise((resolve) => {
    settle = resolve;
    frame.addEventListener(
      "load",
      () => {
        swap(stage, frame, shown);
        resolve();
      },
      { once: true },
    );
  });
  stage.append(frame);
  return settled;
}

function swap(stage, frame, shown) {
  const before = stage.querySelector("iframe:not(.coming)");
  const focused = before && document.activeElement === before;
  returnTo(frame, findPlace(before));
  frame.className = "";
  for (const other of [...stage.children]) if (other !== frame) other.remove();
  if (focused) frame.focus();
  if (frame.contentDocument?.head) shown(frame.contentDocument);
}

/** Text in the stage, in parts that know their lines; it is changed in place, so that its scrolling stays. */
export function showText(stage, text, title, shown) {
  settle();
  let sheet = stage.querySelector("pre");
  if (!sheet) {
    sheet = document.createElement("pre");
    sheet.tabIndex = 0;
    sheet.setAttribute("role", "region");
    stage.replaceChildren(sheet);
    shown?.(sheet);
  }
  sheet.setAttribute("aria-label", title);
  sheet.replaceChildren(...(typeof text === "string" ? [text] : text.map(makePart)));
}

function makePart({ text, first, last }) {
  if (!first) return text;
  const words = text.trimEnd();
  const part = document.createElement("span");
  part.dataset.line = first;
  if (last > first) part.dataset.until = last;
  part.textContent = words;
  const both = document.createDocumentFragment();
  both.append(part, text.slice(words.length));
  return both;
}
