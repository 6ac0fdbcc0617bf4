// Who has signed off what is shown.

export async function showSigned(issue) {
  const answer = await fetch(`/signed/${issue}`);
  const { signed, error } = await answer.json();
  const line = document.getElementById("signed");
  const words = signed ?? error;
  if (line.textContent !== words) line.textContent = words;
  line.hidden = !words;
}
