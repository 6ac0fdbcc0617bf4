// The findings: a list, and a marker in the margin beside the paragraph that each is about.

import { findPart } from "./places.js";

const WORDS = { error: "Error", warning: "Warning", note: "Note" };
const SHAPES = { error: "◆", warning: "▲", note: "●" };
const RANK = ["error", "warning", "note"];

const tab = document.getElementById("tab-findings");
const list = document.getElementById("finding-list");
const margin = document.getElementById("margin");
let findings = [];
let here = "";
let page = null;

function make(tag, className, ...content) {
  const element = document.createElement(tag);
  element.className = className;
  element.append(...content);
  return element;
}

function shape(severity) {
  const element = make("span", "shape", SHAPES[severity]);
  element.setAttribute("aria-hidden", "true");
  element.dataset.severity = severity;
  return element;
}

function describe(finding, choose) {
  const severity = make("span", "severity", shape(finding.severity), [WORDS[finding.severity], finding.code].filter(Boolean).join(" "));
  severity.dataset.severity = finding.severity;
  const item = make("li", "finding", make("p", "", severity), make("p", "message", finding.message));
  if (finding.remedy) item.append(make("p", "remedy", finding.remedy));
  if (finding.excerpt.trim()) item.append(make("p", "quoted", finding.excerpt.trim()));
  if (finding.file === here) {
    const button = make("button", "plain", `Show line ${finding.line}`);
    button.type = "button";
    button.addEventListener("click", () => choose(finding));
    item.append(button);
  } else item.append(make("p", "place", finding.line ? `${finding.file}, line ${finding.line}` : finding.file));
  return item;
}

/** The gravest severity of each line that has findings. */
export function flag(sayings, issueFile) {
  const flags = new Map();
  for (const { file, line, severity = "error" } of sayings) {
    const before = flags.get(line);
    if (file === issueFile && (!before || RANK.indexOf(severity) < RANK.indexOf(before))) flags.set(line, severity);
  }
  return flags;
}

/** `choose` is called with the finding whose line is to be shown. */
export async function readFindings(issue, choose) {
  const answer = await fetch(`/findings/${issue}`);
  const news = await answer.json().catch(() => ({ error: "bulletin itself has a fault; the terminal says which." }));
  findings = news.findings ?? [];
  tab.textContent = findings.length ? `Findings (${findings.length})` : "Findings";
  const none = document.getElementById("no-findings");
  none.textContent = news.error ?? "No findings.";
  none.hidden = findings.length > 0;
  here = `issues/${issue}.yaml`;
  list.replaceChildren(...findings.map((finding) => describe(finding, choose)));
  placeMarkers();
  return findings;
}

/** The margin goes with what is shown: a frame's document, or none. */
export function followPage(shown) {
  page = shown?.defaultView ? shown : null;
  if (page) for (const event of ["scroll", "resize"]) page.defaultView.addEventListener(event, placeMarkersSoon);
  placeMarkers();
}

let waiting = false;
function placeMarkersSoon() {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    placeMarkers();
  });
}

/** The list has the same for those who don't see the margin, so the keyboard skips the markers. */
function placeMarkers() {
  const frame = page?.defaultView?.frameElement;
  if (!frame) return margin.replaceChildren();
  const groups = Map.groupBy(findings.filter(({ file, line }) => line && file === here), ({ line }) => findPart(page, line));
  const markers = [...groups].map(([part, about]) => makeMarker(part, about, frame)).filter(Boolean);
  margin.replaceChildren(...markers);
}

function makeMarker(part, about, frame) {
  if (!part) return null;
  const top = part.getBoundingClientRect().top;
  if (top < -4 || top > frame.clientHeight - 24) return null;
  const severity = RANK.find((rank) => about.some((finding) => finding.severity === rank));
  const marker = make("span", "marker", SHAPES[severity]);
  marker.dataset.severity = severity;
  marker.title = about.map((finding) => `${WORDS[finding.severity]}: ${finding.message} Line ${finding.line}.`).join("\n");
  marker.dataset.line = about[0].line;
  marker.style.top = `${frame.offsetTop + frame.clientTop + top}px`;
  marker.style.left = `${Math.max(0, frame.offsetLeft - margin.offsetLeft - 30)}px`;
  return marker;
}

/** `choose` is called with the finding whose marker is clicked. */
export function prepareMargin(choose) {
  addEventListener("resize", placeMarkersSoon);
  margin.addEventListener("click", (event) => {
    const marker = event.target.closest(".marker");
    const finding = marker && findings.find(({ line }) => line === Number(marker.dataset.line));
    if (finding) choose(finding);
  });
}
