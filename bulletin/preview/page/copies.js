// Send a test copy: the only thing that this page does, besides showing.

const TOKEN = document.querySelector("meta[name=bulletin-token]").content;

async function send(issue, address) {
  const answer = await fetch("/copies", {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Bulletin-Token": TOKEN },
    body: JSON.stringify({ issue, address }),
  });
  const words = await answer.text();
  try {
    const { message, error } = JSON.parse(words);
    return { sent: answer.ok, words: message ?? error };
  } catch {
    return { sent: false, words };
  }
}

export function prepareCopies(issue) {
  const form = document.getElementById("copy-form");
  const answer = document.getElementById("copy-answer");
  const button = form.querySelector("button");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.getAttribute("aria-disabled")) return;
    button.setAttribute("aria-disabled", "true"); // stays in the order of the keyboard, unlike `disabled`
    answer.textContent = "Sending …";
    delete answer.dataset.mood;
    const { sent, words } = await send(issue, document.getElementById("address").value).catch(() => ({
      sent: false,
      words: "The preview does not answer. Is bulletin preview still running?",
    }));
    answer.textContent = words;
    answer.dataset.mood = sent ? "good" : "faulty";
    button.removeAttribute("aria-disabled");
  });
}
