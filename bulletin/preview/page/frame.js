// The stage: the e-mail in a sandboxed frame, or text. What is new comes in without losing the place.

// No script, no form and no way to this page for what is in the mail. Its document stays readable from here, which is
// how the place is kept; links open beside the preview.
const SANDBOX = "allow-same-origin allow-popups allow-popups-to-escape-sandbox";

/** Where the reader is: the last section that begins above the edge, and how far above. */
function findPlace(frame) {
  const page = frame?.contentDocument;
  if (!page?.body) return { id: "", above: 0, top: 0 };
  const begun = [...page.querySelectorAll("[id]")].filter((element) => element.getBoundingClientRect().top <= 1);
  const last = begun.at(-1);
  const top = frame.contentWindow.scrollY;
  return { id: top ? (last?.id ?? "") : "", above: last?.getBoundingClientRect().top ?? 0, top };
}

function returnTo(frame, { id, above, top }) {
  const section = id && frame.contentDocument?.getElementById(id);
  const goal = section ? section.getBoundingClientRect().top + frame.contentWindow.scrollY - above : top;
  frame.contentWindow?.scrollTo({ top: goal, behavior: "instant" });
}

/** Load a mail behind the one that is shown, and swap them once it is there. */
export function showMail(stage, address, title) {
  for (const late of stage.querySelectorAll("iframe.coming")) late.remove();
  const frame = document.createElement("iframe");
  frame.setAttribute("sandbox", SANDBOX);
  frame.title = title;
  frame.className = "coming";
  frame.src = address;
  frame.addEventListener("load", () => swap(stage, frame), { once: true });
  stage.append(frame);
}

function swap(stage, frame) {
  const before = stage.querySelector("iframe:not(.coming)");
  const focused = before && document.activeElement === before;
  returnTo(frame, findPlace(before));
  frame.className = "";
  for (const other of [...stage.children]) if (other !== frame) other.remove();
  if (focused) frame.focus();
}

/** Text in the stage; what is there already is changed in place, so that its scrolling stays. */
export function showText(stage, text, title) {
  let sheet = stage.querySelector("pre");
  if (!sheet) {
    sheet = document.createElement("pre");
    sheet.tabIndex = 0;
    sheet.setAttribute("role", "region");
    stage.replaceChildren(sheet);
  }
  sheet.setAttribute("aria-label", title);
  sheet.textContent = text;
}
