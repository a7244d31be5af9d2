// Searches what a server leaves behind for the secrets that went in and out of it: none belongs in a log or, in
// clear, in a file.
import { readFile, readdir } from "node:fs/promises";
import path from "node:path";

const secretMembers = new Set([
  "session_key", "previous_session_key", "access_token", "encrypt_key", "encryptedData", "purePhoneNumber", "code", "codes",
]);

// Every value of such a member, also in JSON that stands in a text.
function collect(value, name, into) {
  if (Array.isArray(value)) for (const each of value) collect(each, name, into);
  else if (typeof value === "object" && value !== null) {
    for (const [member, inner] of Object.entries(value)) collect(inner, member, into);
  } else if (typeof value === "string") {
    if (secretMembers.has(name) && value.length >= 8) into.add(value);
    if (!value.startsWith("{")) return;
    try {
      collect(JSON.parse(value), name, into);
    } catch {} // a text that only begins like one
  }
}

// `record`: of wechat-sim --record. What it answered, not what it was asked: tests ask it nonsense, too.
async function secretsIn(record) {
  const secrets = new Set();
  for (const line of (await readFile(record, "utf8")).split("\n").filter(Boolean)) collect(JSON.parse(line).answer, "answer", secrets);
  return secrets;
}

async function filesUnder(directory) {
  const files = await readdir(directory, { recursive: true, withFileTypes: true });
  return files.filter((each) => each.isFile()).map((each) => path.join(each.parentPath ?? each.path, each.name));
}

// One line for each leak. `files`: begins the names of the database and what belongs to it.
export async function findLeaks({ record, log, directory, files, more = [] }) {
  const texts = new Map([["the log", Buffer.from(log)]]);
  for (const name of await filesUnder(directory))
    if (path.relative(directory, name).startsWith(files)) texts.set(path.basename(name), await readFile(name));
  const leaks = [];
  for (const secret of [...await secretsIn(record), ...more]) {
    for (const form of new Set([secret, Buffer.from(secret).toString("hex"), encodeURIComponent(secret)]))
      for (const [where, text] of texts) if (text.includes(form)) leaks.push(`${where} holds ${form}`);
  }
  return leaks;
}
