// Paragraph and line. What is shown (the frame's document, or the sheet of plain text) names for each part the lines of
// the file that it comes from: data-line, and data-until where there are several.

const LOOK = `[data-line] { cursor: pointer }
[data-line]:hover { outline: 1px dashed #1a8577; outline-offset: 3px }
[data-shown] { outline: 2px solid #1a8577 !important; outline-offset: 4px; border-radius: 2px }`;

const parts = (root) => [...root.querySelectorAll("[data-line]")].filter((part) => part.getBoundingClientRect().height > 1);
const first = (part) => Number(part.dataset.line);
const last = (part) => Number(part.dataset.until ?? part.dataset.line);

/** The part that comes from a line: a heading before its entry in the contents; else the part above the line. */
export function findPart(root, line) {
  const all = parts(root);
  const exact = all.filter((part) => first(part) <= line && line <= last(part));
  if (exact.length) return exact.find((part) => /^H\d$/.test(part.tagName)) ?? exact[0];
  const above = all.filter((part) => last(part) < line);
  return above.reduce((best, part) => (best && last(best) > last(part) ? best : part), null);
}

/** The first part that is in view. */
export function findTop(root) {
  const edge = root.nodeType === Node.DOCUMENT_NODE ? 0 : root.getBoundingClientRect().top;
  return parts(root).find((part) => part.getBoundingClientRect().bottom > edge + 8) ?? null;
}

export const linesOf = (part) => ({ first: first(part), last: last(part) });

export function mark(root, part) {
  for (const old of root.querySelectorAll("[data-shown]")) delete old.dataset.shown;
  if (part) part.dataset.shown = "";
}

export function bringIntoView(part) {
  part.scrollIntoView({ block: "center", behavior: "instant" });
}

/** The part that the keyboard is at: the marked one, or else the first in view. */
const current = (root) => root.querySelector("[data-shown]") ?? findTop(root);

function step(root, by) {
  const all = parts(root);
  const marked = root.querySelector("[data-shown]");
  const next = marked ? all[all.indexOf(marked) + by] : findTop(root);
  if (!next) return;
  mark(root, next);
  bringIntoView(next);
}

/** `choose` is called with the part that is clicked, or at which Enter is pressed, and by what it was chosen. */
export function watchParts(root, choose) {
  if (root.head) {
    const sheet = root.createElement("style");
    sheet.textContent = LOOK;
    root.head.append(sheet);
  }
  root.addEventListener("click", (event) => {
    const part = event.target.closest("[data-line]");
    if (part && (root.defaultView ?? window).getSelection().isCollapsed) {
      choose(part, event.target.closest("a[href]") ? "link" : "pointer");
    }
  });
  root.addEventListener("keydown", (event) => {
    const arrow = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.altKey && arrow) step(root, arrow);
    else if (event.key === "Enter" && !event.target.closest("a[href]")) {
      const part = current(root);
      if (part) choose(part, "keyboard");
    } else return;
    event.preventDefault();
  });
}
