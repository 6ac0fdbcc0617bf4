// Tabs: one panel at a time, chosen by pointer or by the arrow keys.

const list = document.getElementById("tabs");
const tabs = [...list.querySelectorAll("[role=tab]")];
let told = () => {};

export const openTab = () => tabs.find((tab) => tab.getAttribute("aria-selected") === "true").id.slice("tab-".length);

/** Show the panel `name`; `focus` puts the keyboard onto its tab. */
export function chooseTab(name, { focus = false } = {}) {
  for (const tab of tabs) {
    const chosen = tab.id === `tab-${name}`;
    tab.setAttribute("aria-selected", String(chosen));
    tab.tabIndex = chosen ? 0 : -1;
    document.getElementById(tab.getAttribute("aria-controls")).hidden = !chosen;
    if (chosen && focus) tab.focus();
  }
  document.body.dataset.beside = name;
  told(name);
}

/** `change` is called with the name of each tab that is chosen. */
export function prepareTabs(name, change) {
  list.addEventListener("click", (event) => {
    const tab = event.target.closest("[role=tab]");
    if (tab) chooseTab(tab.id.slice("tab-".length));
  });
  list.addEventListener("keydown", (event) => {
    const at = tabs.indexOf(event.target.closest("[role=tab]"));
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    chooseTab(tabs.at(to % tabs.length).id.slice("tab-".length), { focus: true });
  });
  chooseTab(tabs.some((tab) => tab.id === `tab-${name}`) ? name : "about");
  told = change;
}
