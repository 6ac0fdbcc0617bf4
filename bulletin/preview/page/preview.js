// The page: which issue, which view, and what to ask the preview for after each save.

import { prepareCopies } from "./copies.js";
import { showFaults } from "./faults.js";
import { showMail, showText } from "./frame.js";
import { showInbox } from "./inbox.js";
import { listIssues } from "./issues.js";
import { prepareReaders } from "./readers.js";
import { showSigned } from "./signed.js";

const NOTES = {
  outlook: "Close to what Outlook for Windows shows: what its Word engine leaves out is left out here. Its fonts differ.",
  source: "The message as it would leave now, with its headers.",
};
const TITLES = { desktop: "The e-mail", phone: "The e-mail on a phone", outlook: "The e-mail in Outlook" };

const issue = decodeURIComponent(location.pathname.slice("/issues/".length));
const form = document.getElementById("view");
const stage = document.getElementById("stage");
let state = { version: "", faults: [], issues: [] };
let reader = new URLSearchParams(location.search).get("reader") ?? "";

/** What is chosen stands in the address, so that it survives a reload and the way to another issue. */
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
  form.elements.dark.disabled = written || view === "outlook"; // it knows no dark colours of a mail's own
  form.elements.bare.disabled = written;
  const note = document.getElementById("note");
  note.textContent = NOTES[view] ?? "";
  note.hidden = !NOTES[view];
  stage.dataset.view = view;
  if (!state.version) return showText(stage, "There is nothing to show yet: mend the faults first.", "Nothing to show");
  const words = new URLSearchParams({ version: state.version });
  if (reader) words.set("reader", reader);
  if (written) {
    const answer = await fetch(`/${view}/${issue}?${words}`);
    const text = answer.ok ? await answer.text() : (await answer.json()).error;
    if (readChoice().view !== view) return; // another one was chosen meanwhile
    return showText(stage, text, view === "text" ? "Plain text" : "Message source");
  }
  if (dark) words.set("dark", "");
  if (bare) words.set("bare", "");
  if (view === "outlook") words.set("word", "");
  return showMail(stage, `/mail/${issue}?${words}`, TITLES[view]);
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
  showFaults(document.getElementById("faults"), state.faults);
  showInbox(state);
  document.getElementById("heading").textContent = state.month ?? issue;
  document.title = `${state.faults.length ? "Faults: " : ""}${state.month ?? issue} · Preview`;
  if (before !== state.version || !stage.firstChild) await showStage();
  tell(describe(), state.faults.length ? "faulty" : "good");
  await showSigned(issue);
}

function change() {
  keepChoice(readChoice());
  listIssues(document.getElementById("issues"), state.issues, issue);
  showStage().catch(tellSilence);
}

/** One refresh at a time; saves that come meanwhile are one more. */
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
  change();
});
prepareCopies(issue);
const saves = new EventSource("/events");
saves.addEventListener("message", refreshSoon);
saves.addEventListener("error", tellSilence);
addEventListener("focus", () => showSigned(issue).catch(tellSilence)); // it may have been signed in a terminal meanwhile
addEventListener("pagehide", () => saves.close());
