/* On a phone the menu and the list of headings are drawers. Escape closes the one that is open. */
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  document.querySelectorAll(".sidebar-toggle:checked").forEach((drawer) => {
    drawer.checked = false;
    drawer.focus();
  });
});
