// nodemailer's pool as its documentation shows it, with as many connections as the others have.
//
// node pool.mjs '{"edition": …, "port": …, "connections": …, "messages": …}' prints JSON: seconds and CPU.
import { readFileSync } from "node:fs";
import nodemailer from "nodemailer";

const job = JSON.parse(process.argv[2]);
const { letterhead, slots, ...edition } = JSON.parse(readFileSync(job.edition, "utf8"));
const attachments = edition.pictures.map((picture) => ({
  cid: picture.cid,
  filename: picture.file_name,
  contentType: picture.media_type,
  content: Buffer.from(picture.content, "base64"),
}));

function writeMessage(number) {
  const greeting = letterhead.greeting.replace("{name}", `Reader ${number}`);
  const link = `${letterhead.website}/unsubscribe/${String(number).padStart(30, "0")}`;
  const fill = (text) => text.replaceAll(slots.greeting, greeting).replaceAll(slots.unsubscribe, link);
  return {
    subject: edition.subject,
    from: { name: letterhead.sender_name, address: letterhead.sender_address },
    to: { name: `Reader ${number}`, address: `reader-${number}@example.org` },
    list: { unsubscribe: link },
    text: fill(edition.text),
    html: fill(edition.html),
    attachments,
  };
}

const transport = nodemailer.createTransport({
  pool: true,
  host: "127.0.0.1",
  port: job.port,
  secure: false,
  ignoreTLS: true,
  maxConnections: job.connections,
  maxMessages: Infinity,
});
const before = process.cpuUsage();
const begun = performance.now();
await Promise.all(Array.from({ length: job.messages }, (_, number) => transport.sendMail(writeMessage(number))));
const seconds = (performance.now() - begun) / 1000;
const { user, system } = process.cpuUsage(before);
transport.close();
console.log(JSON.stringify({ seconds, cpu: (user + system) / 1e6 }));
