// The editions: which part is in whose, which of them were opened, and approving all of them.

const TOKEN = document.querySelector("meta[name=bulletin-token]").content;
const reach = document.getElementById("reach");
const matrix = document.getElementById("matrix");
const approving = document.getElementById("approving");
const unopened = document.getElementById("unopened");
const SILENCE = "The preview does not answer. Is bulletin preview still running?";

function cell(tag, words, className = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.append(...[words].flat());
  return made;
}

function head(tag, scope, ...words) {
  const made = cell(tag, words);
  made.scope = scope;
  return made;
}

function line(...words) {
  const made = document.createElement("span");
  made.append(...words);
  return made;
}

function countReaders(readers) {
  if (readers === null) return "";
  return readers === 1 ? "1 reader" : `${readers.toLocaleString("en-GB")} readers`;
}

function writeHead(editions) {
  const row = document.createElement("tr");
  const own = editions.map(({ number, words, readers }) => {
    const about = [words, countReaders(readers)].filter(Boolean).map((each) => line(each));
    return head("th", "col", `Edition ${number}`, ...about);
  });
  row.append(head("th", "col", "Part"), ...own, head("th", "col", "Website", line("everyone")));
  return row;
}

const yesOrNo = (seen) => cell("td", seen ? "Yes" : "No", seen ? "yes" : "no");

function writeRow({ words, readers, depth, seen, public: onTheWeb }) {
  const row = document.createElement("tr");
  const name = head("th", "row", words, ...(readers === "everyone" ? [] : [line(`for ${readers}`)]));
  if (depth) name.className = "inner";
  row.append(name, ...seen.map(yesOrNo), yesOrNo(onTheWeb));
  return row;
}

function writeLengths(editions) {
  const row = document.createElement("tr");
  const own = editions.map(({ length, bytes }) =>
    cell("td", [line(`${length.toLocaleString("en-GB")} words`), line(`${Math.round(bytes / 1000)} KB`)]),
  );
  row.append(head("th", "row", "Length"), ...own, cell("td", ""));
  return row;
}

function writeOpeners(editions, current, open) {
  const row = document.createElement("tr");
  const own = editions.map(({ number, name, words, opened }) => {
    const button = cell("button", `Open ${number}`, "plain");
    button.type = "button";
    button.setAttribute("aria-label", `Open ${number}: ${words}`);
    if (name === current) button.setAttribute("aria-current", "true");
    button.addEventListener("click", () => open(name));
    return cell("td", [button, line(opened ? "opened" : "not opened")], opened ? "" : "unread");
  });
  row.append(head("th", "row", "Read it"), ...own, cell("td", ""));
  return row;
}

function writeTable({ editions, rows }, current, open) {
  const table = document.createElement("table");
  const [top, body, foot] = ["thead", "tbody", "tfoot"].map((name) => document.createElement(name));
  top.append(writeHead(editions));
  body.append(...rows.map(writeRow));
  foot.append(writeLengths(editions), writeOpeners(editions, current, open));
  table.append(top, body, foot);
  return table;
}

/** `current` is the name of the edition that is shown; `open` is called with the one that is to be shown. */
export async function readEditions(issue, current, open) {
  const answer = await fetch(`/editions/${issue}`);
  const news = await answer.json().catch(() => ({ error: "bulletin itself has a fault; the terminal says which." }));
  const focused = matrix.contains(document.activeElement) ? document.activeElement.getAttribute("aria-label") : "";
  matrix.hidden = approving.hidden = !answer.ok;
  const words = answer.ok ? news.sentence : news.error;
  if (reach.textContent !== words) reach.textContent = words;
  if (!answer.ok) return;
  const left = matrix.scrollLeft;
  matrix.replaceChildren(writeTable(news, current, open));
  matrix.scrollLeft = left;
  if (focused) [...matrix.querySelectorAll("button")].find((each) => each.getAttribute("aria-label") === focused)?.focus();
  const number = news.editions.length;
  const all = number === 1 ? "To approve, open the email once." : `To approve, open every edition once. Approval covers all ${number}.`;
  unopened.textContent = [all, news.unopened || "You have opened everything."].join(" ");
  document.getElementById("approvers").replaceChildren(...news.people.map((name) => new Option(name)));
}

async function approve(issue, name) {
  const answer = await fetch("/approvals", {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Bulletin-Token": TOKEN },
    body: JSON.stringify({ issue, name }),
  });
  const words = await answer.text();
  try {
    const { message, error } = JSON.parse(words);
    return { done: answer.ok, words: message ?? error };
  } catch {
    return { done: false, words };
  }
}

/** `approved` is called after an approval was recorded. */
export function prepareApproving(issue, approved) {
  const form = document.getElementById("approve-form");
  const answer = document.getElementById("approve-answer");
  const button = form.querySelector("button");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.getAttribute("aria-disabled")) return;
    button.setAttribute("aria-disabled", "true"); // stays in the order of the keyboard, unlike `disabled`
    answer.textContent = "Approving …";
    delete answer.dataset.mood;
    const name = document.getElementById("approver").value;
    const { done, words } = await approve(issue, name).catch(() => ({ done: false, words: SILENCE }));
    answer.textContent = words;
    answer.dataset.mood = done ? "good" : "faulty";
    button.removeAttribute("aria-disabled");
    if (done) approved();
  });
}
