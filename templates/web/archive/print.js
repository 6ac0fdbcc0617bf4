// Puts the button that prints into the row of actions: without scripts it would do nothing.
const actions = document.querySelector(".actions");
if (actions) {
  const entry = document.createElement("li");
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = actions.dataset.print || "Print";
  button.addEventListener("click", () => window.print());
  entry.append(button);
  actions.append(entry);
}
