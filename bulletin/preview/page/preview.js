// The page: the issue, the view, and what to fetch after each save.

import { prepareCopies } from "./copies.js";
import { prepareApproving, readEditions } from "./editions.js";
import { showFaults } from "./faults.js";
import { prepareFile, flagLines, readFile, showLines, showLinesNow } from "./file.js";
import { showMail, showText } from "./frame.js";
import { showInbox } from "./inbox.js";
import { listIssues } from "./issues.js";
import { bringIntoView, findPart, findTop, linesOf, mark, watchParts } from "./places.js";
import { prepareReaders } from "./readers.js";
import { showApproval } from "./approval.js";
import { flag, followPage, prepareMargin, readFindings } from "./findings.js";
import { chooseTab, openTab, prepareTabs } from "./tabs.js";

const NOTES = {
  outlook: "Close to what Outlook for Windows shows. Its fonts differ.",
  source: "The message as it would be sent now, with its headers.",
};
const TITLES = { desktop: "The email", phone: "The email on a phone", outlook: "The email in Outlook" };

const issue = decodeURIComponent(location.pathname.slice("/issues/".length));
const form = document.getElementById("view");
const stage = document.getElementById("stage");
let state = { version: "", faults: [], issues: [] };
let page = null; // what shows the issue: the frame's document, or the sheet of plain text
let findings = [];
const lists = new URLSearchParams(location.search).getAll("as"); // seen as readers on these lists get it
let reader = new URLSearchParams(location.search).get("reader") ?? "";
let edition = new URLSearchParams(location.search).get("edition") ?? ""; // the name of the one that is read

/** Keeps the choice in the address, so that it survives a reload and a change of issue. */
function readChoice() {
  const choice = new FormData(form);
  return { view: choice.get("view"), dark: choice.has("dark"), bare: choice.has("bare"), reader };
}

function keepChoice({ view, dark, bare }) {
  const words = new URLSearchParams();
  if (view !== "desktop") words.set("view", view);
  if (dark) words.set("dark", "");
  if (bare) words.set("bare", "");
  if (reader) words.set("reader", reader);
  for (const name of lists) words.append("as", name);
  if (edition) words.set("edition", edition);
  if (openTab() !== "about") words.set("beside", openTab());
  history.replaceState(null, "", words.size ? `?${words}` : location.pathname);
}

function recallChoice() {
  const words = new URLSearchParams(location.search);
  form.elements.view.value = words.get("view") ?? "desktop";
  if (!form.elements.view.value) form.elements.view.value = "desktop";
  form.elements.dark.checked = words.has("dark");
  form.elements.bare.checked = words.has("bare");
}

async function showStage() {
  const { view, dark, bare } = readChoice();
  const written = view === "text" || view === "source";
  form.elements.dark.disabled = written || view === "outlook"; // it ignores an email's own dark colours
  form.elements.bare.disabled = written;
  const note = document.getElementById("note");
  note.textContent = NOTES[view] ?? "";
  note.hidden = !NOTES[view];
  stage.dataset.view = view;
  if (!state.version) return showText(stage, "There is nothing to show yet. Fix the faults first.", "Nothing to show", takePage);
  const words = new URLSearchParams({ version: state.version });
  if (reader) words.set("reader", reader);
  for (const name of lists) words.append("as", name);
  if (edition) words.set("edition", edition);
  if (written) {
    const answer = await fetch(`/${view}/${issue}?${words}`);
    const text = await readWritten(answer, view);
    if (readChoice().view !== view) return; // another one was chosen meanwhile
    return showText(stage, text, view === "text" ? "Plain text" : "Message source", takePage);
  }
  if (dark) words.set("dark", "");
  if (bare) words.set("bare", "");
  if (view === "outlook") words.set("word", "");
  return showMail(stage, `/mail/${issue}?${words}`, TITLES[view], takePage);
}

/** Plain text comes in parts that know their lines; the message's source is one. */
async function readWritten(answer, view) {
  if (answer.ok && view === "source") return answer.text();
  const { parts, error } = await answer.json();
  return parts ?? error;
}

function takePage(shown) {
  page = shown;
  watchParts(page, choosePart);
  followPage(page);
}

function choosePart(part, by) {
  if (by === "link" && openTab() !== "file") return; // the link opens in another tab, and that is all that was wanted
  mark(page, part);
  const lines = linesOf(part);
  openFile(() => showLines(lines, { focus: by === "keyboard" }));
}

/** The file is read when it is looked at first; then `show` what was asked for. */
function openFile(show) {
  if (openTab() !== "file") chooseTab("file");
  return reading.then(show);
}

let reading = Promise.resolve();
function readFileSoon() {
  reading = readFile(issue, flags()).catch(tellSilence);
}

function flags() {
  return flag([...state.faults, ...findings], `issues/${issue}.yaml`);
}

/** A fault or a finding is about the file as it is now. */
function chooseSaying({ line, end_line: last = line }) {
  openFile(() => jumpToLine(showLinesNow({ first: line, last })));
}

function jumpToLine(line) {
  const part = page && findPart(page, line);
  if (!part) return;
  mark(page, part);
  bringIntoView(part);
}

function returnToMail() {
  const frame = stage.firstElementChild;
  if (frame) frame.focus();
}

function readEditionsSoon() {
  return readEditions(issue, edition, openEdition).catch(tellSilence);
}

/** An edition counts as opened once the server has sent it: ask again then. */
async function openEdition(name) {
  edition = name;
  if (readChoice().view === "source" || readChoice().view === "text") form.elements.view.value = "desktop";
  keepAddress();
  await showStage().catch(tellSilence);
  await readEditionsSoon();
}

/** Everything but the faults and the email itself. */
async function sayMore() {
  if (openTab() === "file") readFileSoon();
  if (openTab() === "editions") readEditionsSoon();
  findings = await readFindings(issue, chooseSaying);
  if (openTab() === "file") reading.then(() => flagLines(flags()));
}

function describe() {
  const count = state.faults.length;
  const faults = count === 1 ? "1 fault" : `${count} faults`;
  if (!count) return `Up to date, ${state.made}`;
  return state.version ? `${faults}. You see the last good version, from ${state.made}` : faults;
}

function tell(words, mood) {
  const status = document.getElementById("status");
  if (status.textContent !== words) status.textContent = words;
  status.dataset.mood = mood;
}

function tellSilence() {
  tell("The preview does not answer. Is bulletin preview still running?", "faulty");
}

async function refresh() {
  const answer = await fetch(`/state/${issue}`);
  const news = await answer.json().catch(() => ({ error: "bulletin itself has a fault; the terminal says which." }));
  if (!answer.ok) return tell(news.error, "faulty");
  const before = state.version;
  state = news;
  listIssues(document.getElementById("issues"), state.issues, issue);
  showFaults(document.getElementById("faults"), state.faults, `issues/${issue}.yaml`, chooseSaying);
  showInbox(state);
  document.getElementById("heading").textContent = state.month ?? issue;
  document.title = `${state.faults.length ? "Faults: " : ""}${state.month ?? issue} · Preview`;
  if (before !== state.version || !stage.firstChild) await showStage();
  tell(describe(), state.faults.length ? "faulty" : "good");
  await new Promise((resolve) => setTimeout(resolve, 30)); // let the browser paint what was written
  await Promise.all([showApproval(issue), sayMore()]);
}

function keepAddress() {
  keepChoice(readChoice());
  listIssues(document.getElementById("issues"), state.issues, issue);
}

function change() {
  keepAddress();
  showStage().catch(tellSilence);
}

/** One refresh at a time; all saves meanwhile cause one more. */
let running = false;
let again = false;
async function refreshSoon() {
  again = true;
  if (running) return;
  running = true;
  try {
    while (again) {
      again = false;
      await refresh();
    }
  } catch {
    tellSilence();
  } finally {
    running = false;
  }
}

recallChoice();
form.addEventListener("change", change);
form.addEventListener("submit", (event) => event.preventDefault());
prepareReaders(reader, (chosen) => {
  reader = chosen;
  edition = ""; // a reader gets their own
  change();
});
prepareCopies(issue);
prepareApproving(issue, () => showApproval(issue).catch(tellSilence));
prepareMargin(chooseSaying);
prepareFile(jumpToLine, returnToMail);
prepareTabs(new URLSearchParams(location.search).get("beside"), (name) => {
  if (name === "file") readFileSoon();
  if (name === "editions") readEditionsSoon();
  keepAddress();
});
document.getElementById("find-read").addEventListener("click", () => {
  const part = page && findTop(page);
  if (part) choosePart(part, "pointer");
});
const saves = new EventSource("/events");
saves.addEventListener("message", refreshSoon);
saves.addEventListener("error", tellSilence);
addEventListener("focus", () => showApproval(issue).catch(tellSilence)); // someone may have approved it in a terminal
addEventListener("pagehide", () => saves.close());
