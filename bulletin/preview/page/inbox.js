// What an inbox shows of the issue, and how long it is.

const put = (id, words) => {
  document.getElementById(id).textContent = words;
};
const count = (text) => `${[...text].length} characters`;

export function showInbox({ version, sender, subject, preview_text: snippet, measures }) {
  document.getElementById("about").hidden = !version;
  if (!version) return;
  put("sender", sender);
  put("subject", subject);
  put("snippet", snippet);
  put("subject-length", count(subject));
  put("snippet-length", count(snippet));
  put("minutes", measures.minutes === 1 ? "1 minute" : `${measures.minutes} minutes`);
  put("count", measures.words.toLocaleString("en-GB"));
  showSize(measures);
}

function showSize({ bytes, most_bytes: most }) {
  put("size", `${Math.round(bytes / 1000)} of ${Math.round(most / 1000)} KB`);
  const meter = document.getElementById("size-meter");
  meter.max = most;
  meter.value = Math.min(bytes, most);
  const advice = document.getElementById("size-advice");
  advice.hidden = bytes <= most;
  advice.textContent = "Gmail cuts this email off, and readers lose its foot. Shorten the issue, or split it.";
}
