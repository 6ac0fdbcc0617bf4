// All issues of the workspace, those of each bulletin together.

const MONTH = new Intl.DateTimeFormat("en-GB", { month: "long", year: "numeric", timeZone: "UTC" });

function name(stem) {
  const found = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(stem);
  return found ? MONTH.format(Date.UTC(found[1], found[2] - 1)) : stem;
}

function link(id, here) {
  const anchor = document.createElement("a");
  anchor.href = `/issues/${id}${location.search}`;
  anchor.textContent = name(id.split("/").at(-1));
  if (id === here) anchor.setAttribute("aria-current", "page");
  const item = document.createElement("li");
  item.append(anchor);
  return item;
}

export function listIssues(place, ids, here) {
  const wanted = JSON.stringify([ids, here, location.search]);
  if (place.dataset.shown === wanted) return; // nothing moves, and the focus stays where it is
  place.dataset.shown = wanted;
  const folders = Map.groupBy(ids, (id) => id.split("/").slice(0, -1).join("/"));
  const parts = [...folders].flatMap(([folder, members]) => {
    const list = document.createElement("ul");
    list.append(...members.map((id) => link(id, here)));
    if (!folder) return [list];
    const heading = document.createElement("h3");
    heading.textContent = folder;
    return [heading, list];
  });
  place.replaceChildren(...parts);
}
