// The issue's file beside the email: numbered lines, one of them active. Read only.

const list = document.getElementById("lines");
const place = document.getElementById("file-place");
const editor = document.getElementById("open-editor");
const copied = document.getElementById("copied");
const FIELD = /^(\s*(?:- )*)([\w-]+:)(?=\s|$)(.*)$/;

let file = { file: "", path: "", lines: [], was: [] };
let active = { first: 1, last: 1 };
let flags = new Map();

function span(className, text) {
  const element = document.createElement("span");
  element.className = className;
  element.textContent = text;
  return element;
}

/** A line's text; comments and the names of fields are told apart. What is in it stays text. */
function write(text) {
  if (/^\s*#/.test(text)) return [span("comment", text)];
  const found = FIELD.exec(text);
  return found ? [found[1], span("field", found[2]), found[3]] : [text];
}

function makeLine(text, index) {
  const line = document.createElement("div");
  line.setAttribute("role", "option");
  line.setAttribute("aria-selected", "false");
  line.id = `line-${index + 1}`;
  const flag = flags.get(index + 1);
  if (flag) line.dataset.severity = flag;
  const words = document.createElement("code");
  words.append(...write(text));
  const hang = Math.min(text.search(/\S|$/) + 2, 24); // a long line continues below its own beginning
  words.style.paddingLeft = `${hang}ch`;
  words.style.textIndent = `-${hang}ch`;
  line.append(span("number", String(index + 1)), words);
  if (flag) line.append(span("unseen", ` (${flag})`));
  return line;
}

function select({ first, last }) {
  const count = file.lines.length;
  active = { first: Math.min(Math.max(first, 1), count), last: Math.min(Math.max(last, 1), count) };
  for (const line of list.querySelectorAll("[aria-selected=true]")) line.setAttribute("aria-selected", "false");
  for (let number = active.first; number <= active.last; number += 1) {
    list.children[number - 1]?.setAttribute("aria-selected", "true");
  }
  list.setAttribute("aria-activedescendant", count ? `line-${active.first}` : "");
  place.textContent = `${file.file}:${active.first}`;
  editor.hidden = !file.path;
  const words = file.path.replaceAll("\\", "/").split("/").map(encodeURIComponent).join("/").replaceAll("%3A", ":");
  editor.href = `vscode://file/${words.replace(/^\//, "")}:${active.first}`;
}

/** Scrolls the pane only, never the page. */
function bringIntoView() {
  const line = list.children[active.first - 1];
  if (!line || !list.clientHeight) return;
  const above = line.offsetTop - list.scrollTop;
  if (above < 0 || above + line.offsetHeight > list.clientHeight) {
    list.scrollTop = line.offsetTop - list.clientHeight / 3;
  }
}

/** The line now of a line of the version that is shown: itself, or the nearest one above it that is still there. */
function translate(line) {
  for (let number = line; number > 0; number -= 1) {
    const at = file.was.indexOf(number);
    if (at >= 0) return at + 1;
  }
  return 1;
}

/** Show lines of the version in the mail; `focus` puts the keyboard there. */
export function showLines({ first, last }, { focus = false } = {}) {
  const begin = translate(first);
  select({ first: begin, last: Math.max(begin, translate(last)) });
  bringIntoView();
  if (focus) list.focus({ preventScroll: true });
}

/** Show lines of the file as it is now, and put the keyboard there. Returns the first one's number in the shown version. */
export function showLinesNow({ first, last }) {
  select({ first, last });
  bringIntoView();
  list.focus({ preventScroll: true }); // the button that was pressed may be in a hidden panel now
  return asShown(active.first);
}

/** The line that the shown version has at, or next above, a line of the file as it is now. */
function asShown(line) {
  for (let at = line - 1; at >= 0; at -= 1) if (file.was[at]) return file.was[at];
  return 1;
}

/** Ask for the file; `marks` has the severity of each line about which there is something to say. */
export async function readFile(issue, marks) {
  const answer = await fetch(`/file/${issue}`);
  if (!answer.ok) return;
  file = await answer.json();
  flagLines(marks);
}

export function flagLines(marks) {
  flags = marks;
  const top = list.scrollTop;
  list.replaceChildren(...file.lines.map(makeLine));
  select(active);
  list.scrollTop = top;
}

/** `jump` is called with the line, as the shown version numbers it, that is chosen here; `leave` at Escape. */
export function prepareFile(jump, leave) {
  const go = () => jump(asShown(active.first));
  list.addEventListener("click", (event) => {
    const line = event.target.closest("[role=option]");
    if (!line || !getSelection().isCollapsed) return;
    const number = Number(line.id.slice("line-".length));
    select({ first: number, last: number });
    go();
  });
  list.addEventListener("keydown", (event) => {
    const page = Math.max(1, Math.floor(list.clientHeight / 24) - 1);
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    if (event.key in steps) {
      const number = active.first + steps[event.key];
      select({ first: number, last: number });
      bringIntoView();
    } else if (event.key === "Enter" || event.key === " ") go();
    else if (event.key === "Escape") leave();
    else return;
    event.preventDefault();
  });
  document.getElementById("copy-place").addEventListener("click", async () => {
    copied.textContent = await navigator.clipboard.writeText(place.textContent).then(
      () => "Copied.",
      () => "The browser does not let this page copy.",
    );
  });
}
