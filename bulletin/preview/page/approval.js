// Who has approved what is shown.

export async function showApproval(issue) {
  const answer = await fetch(`/approval/${issue}`);
  const { approval, error } = await answer.json();
  const line = document.getElementById("approval");
  const words = approval ?? error;
  if (line.textContent !== words) line.textContent = words;
  line.hidden = !words;
}
