// A program of the build as a child, and the lines that it writes.
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const binaries = process.env.WXLOGIND_BIN_DIR ?? path.resolve(here, "../../../build/release/bin");

// Where the build put the program.
export const binary = (name) => path.join(binaries, name);

export class Program {
  #child;
  #lines = [];
  #ended;

  constructor(name, args) {
    this.name = name;
    // Ends with us, also when we are killed.
    this.#child = spawn("setpriv", ["--pdeathsig", "KILL", "--", binary(name), ...args], { stdio: ["ignore", "pipe", "pipe"] });
    this.#ended = once(this.#child, "close");
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      createInterface({ input: stream }).on("line", (line) => {
        this.#lines.push(line);
        this.#child.emit("said", line);
      });
    }
  }

  // The first line, also of those that came already, in which `wanted` stands.
  async line(wanted) {
    const already = this.#lines.find((line) => line.includes(wanted));
    if (already !== undefined) return already;
    return new Promise((resolve, reject) => {
      this.#child.on("said", (line) => line.includes(wanted) && resolve(line));
      this.#ended.then(([status]) =>
        reject(new Error(`${this.name} ended with ${status}:\n${this.#lines.join("\n")}`)), reject);
    });
  }

  get output() {
    return this.#lines.join("\n");
  }

  get pid() {
    return this.#child.pid;
  }

  signal(name) {
    this.#child.kill(name);
  }

  // Ends it in peace; a crash, or what a sanitizer found, is an error.
  async end() {
    this.#child.kill("SIGTERM");
    const [status, signal] = await this.#ended;
    if (status !== 0) throw new Error(`${this.name} ended with ${status ?? signal}:\n${this.output}`);
  }
}
