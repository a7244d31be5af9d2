// The client, loaded anew for a phone, as at each start of a mini program.
import path from "node:path";
import { fileURLToPath } from "node:url";
import { loginHost } from "./deployment.mjs";
import { ModuleLoader } from "./module_loader.mjs";

const root = fileURLToPath(new URL("../../../miniprogram/client/miniprogram_dist", import.meta.url));

// A module of the client by itself.
export function clientModule(name, given = {}) {
  return new ModuleLoader(path.resolve(root), { console, setTimeout, clearTimeout, ...given }).load(name);
}

// Time and chance in the test's hands: pauses are written down and do not last.
export function madeUpSurroundings() {
  const made = {
    ahead: 0,
    pauses: [],
    now: () => Date.now() + made.ahead,
    pause: async (ms) => void made.pauses.push(ms),
    random: () => 0.5,
  };
  return made;
}

export function startClient(phone, options = {}, surroundings = madeUpSurroundings()) {
  const { createClient } = clientModule("index", { wx: phone.wx });
  const client = createClient({ baseUrl: loginHost, ...options }, surroundings);
  const events = [];
  client.on("session", (event) => events.push(event.reason));
  return { client, surroundings, events };
}

// The error that `promise` rejects with.
export async function failureOf(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("it was to fail");
}
