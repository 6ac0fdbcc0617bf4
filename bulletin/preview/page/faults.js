// The faults of the file as it is now: what, where, and what to do.

function make(tag, className, ...content) {
  const element = document.createElement(tag);
  element.className = className;
  element.append(...content);
  return element;
}

/** The source line, with what is wrong in it marked. */
function quote({ excerpt, column, width, line }) {
  const letters = [...excerpt]; // columns count characters, not the halves of them
  const indent = letters.findIndex((letter) => letter.trim());
  const start = Math.max(column - 1, indent);
  const code = make("code", "", letters.slice(indent, start).join(""));
  code.append(make("mark", "", letters.slice(start, start + width).join("")), letters.slice(start + width).join(""));
  return make("pre", "excerpt", make("span", "line", String(line)), code);
}

function describe(fault, here, choose) {
  const place = fault.line ? `${fault.file}, line ${fault.line}` : fault.file;
  const item = make("li", "fault", make("p", "message", fault.message));
  if (fault.remedy) item.append(make("p", "remedy", fault.remedy));
  if (fault.excerpt.trim()) item.append(quote(fault));
  item.append(make("p", "place", place));
  if (fault.line && fault.file === here) {
    const button = make("button", "plain", `Show line ${fault.line}`);
    button.type = "button";
    button.addEventListener("click", () => choose(fault));
    item.append(button);
  }
  return item;
}

/** `here` is the file; `choose` is called with the fault whose line is to be shown. */
export function showFaults(section, faults, here, choose) {
  section.querySelector("ol").replaceChildren(...faults.map((fault) => describe(fault, here, choose)));
  section.querySelector("h2").textContent = faults.length === 1 ? "1 fault" : `${faults.length} faults`;
  section.hidden = !faults.length;
}
