// Read the email as an invented reader, or as a person on a list.

const list = document.getElementById("list");
const words = document.getElementById("words");
const person = document.getElementById("reader");
const trouble = document.getElementById("reader-trouble");

async function find(chosen) {
  const answer = await fetch(`/readers/${encodeURIComponent(list.value)}?${new URLSearchParams({ words: words.value })}`);
  const found = await answer.json();
  trouble.textContent = answer.ok ? (found.readers.length ? "" : "No one found.") : found.error;
  const options = (found.readers ?? []).map(({ key, name, address }) => {
    const text = name ? `${name}, ${address}` : address;
    return new Option(text, key, false, key === chosen);
  });
  person.replaceChildren(...options);
}

/** `change` is called with the key of each reader that is chosen; "" is the invented one. */
export function prepareReaders(chosen, change) {
  const open = async (key) => {
    document.getElementById("people").hidden = !list.value;
    trouble.textContent = "";
    if (list.value) await find(key);
  };
  list.addEventListener("change", async () => {
    words.value = "";
    await open("");
    change(list.value ? person.value : "");
  });
  words.addEventListener("input", async () => {
    await find("");
    if (person.value) change(person.value);
  });
  person.addEventListener("change", () => change(person.value));
  document.getElementById("reader-form").addEventListener("submit", (event) => event.preventDefault());
  if (chosen) {
    list.value = chosen.split(":")[0];
    open(chosen);
  }
}
