// The real wxlogind with wechat-sim in WeChat's place, both on free ports of 127.0.0.1.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { findLeaks } from "./leaks.mjs";
import { Phone } from "./phone.mjs";
import { Program } from "./program.mjs";

export const appid = "wx0123456789abcdef";
export const loginHost = "https://login.example.com";
const secret = "0123456789abcdef0123456789abcdef";

export class Deployment {
  static async start(settings = {}) {
    const deployment = new Deployment();
    try {
      await deployment.#start(settings);
    } catch (why) {
      await deployment.simulator?.end(); // a test does not end before its children
      throw why;
    }
    return deployment;
  }

  // Settings: lines for sections of the configuration, and whole `sections`.
  async #start({ server = "", app = "", tokens = "", wechat = "", sections = "" }) {
    this.directory = await mkdtemp(path.join(tmpdir(), "wxlogind-miniprogram-"));
    const ca = this.#file("ca.pem");
    this.simulator = new Program("wechat-sim", [
      "--listen", "127.0.0.1:0", "--control", "127.0.0.1:0", "--rate-limit", "0",
      "--app", `${appid}=${secret}`, "--ca-file", ca, "--record", this.#file("record"),
    ]);
    const ready = JSON.parse(await this.simulator.line('{"listen"'));
    this.control = `http://${ready.control}`;

    await writeFile(this.#file("secret"), secret, { mode: 0o600 });
    await writeFile(this.#file("wxlogind.toml"), [
      "[server]", 'listen = "127.0.0.1:0"', 'internal_listen = "127.0.0.1:0"', "threads = 2",
      server.includes("drain_delay_ms") ? "" : "drain_delay_ms = 0", server,
      "[wechat]", `base_url = "https://localhost:${ready.listen.split(":").pop()}"`, `ca_file = "${ca}"`, wechat,
      "[[apps]]", `appid = "${appid}"`, 'secret_file = "secret"', app,
      "[storage]", `url = "sqlite:${this.#file("wxlogind.db")}"`,
      "[tokens]", 'keys_file = "keys.toml"', tokens,
      "[avatars]", `base_url = "${loginHost}"`, "min_free_bytes = 0",
      "[log]", 'format = "json"', 'level = "debug"', sections,
    ].join("\n"), { mode: 0o600 });
    await this.startServer();
  }

  async startServer() {
    this.earlierLogs = (this.earlierLogs ?? "") + (this.server?.output ?? "");
    this.server = new Program("wxlogind", ["serve", "--config", this.#file("wxlogind.toml")]);
    const serving = JSON.parse(await this.server.line('"serving"'));
    this.address = `http://${serving.listen}`;
    this.internal = `http://${serving.internal_listen}`;
  }

  // A phone of `user` that finds this deployment under the login server's name.
  phone(user = "alice", more = {}) {
    const mint = (who) => this.mintCode(who);
    const phone = new Phone({ appid, user, mint, hosts: { [loginHost]: this.address } });
    return Object.assign(phone, more);
  }

  async mintCode(user) {
    return (await this.#order("POST", "/codes", { appid, user })).code;
  }

  // What a tap on the getPhoneNumber button gives.
  async phoneCode(user) {
    return (await this.#order("POST", "/codes", { appid, user, kind: "phone" })).code;
  }

  // What the user, who has logged in, is given for the server; `more`: {"kind":"phone"} and the like.
  openData(user, more = {}) {
    return this.#order("POST", "/open_data", { appid, user, ...more });
  }

  // WeChat's side has another session_key from now on.
  rotateSessionKey(user) {
    return this.#order("POST", "/sessions", { appid, user, do: "rotate" });
  }

  async inject(fault) {
    await this.#order("POST", "/faults", fault);
  }

  // How often faults have struck.
  async faultHits() {
    const { faults } = await this.#order("GET", "/faults");
    return faults.reduce((all, { hits }) => all + hits, 0);
  }

  async clearFaults() {
    await this.#order("DELETE", "/faults");
  }

  // How many requests brought this code to WeChat.
  async arrivals(code) {
    return (await this.#order("GET", `/exchanges?code=${code}`)).arrived;
  }

  // Logs `token`'s session out, as another device of the user would.
  async revoke(token) {
    const response = await fetch(`${this.address}/logout`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: "{}",
    });
    if (response.status !== 204) throw new Error(`logout: ${response.status}`);
  }

  async end() {
    try {
      await this.server?.end();
      const leaks = await findLeaks({
        record: this.#file("record"),
        log: this.earlierLogs + (this.server?.output ?? ""),
        directory: this.directory,
        files: "wxlogind.db",
        more: [secret],
      });
      await this.simulator?.end();
      if (leaks.length > 0) throw new Error(leaks.join("\n"));
    } finally {
      await rm(this.directory, { recursive: true });
    }
  }

  #file(name) {
    return path.join(this.directory, name);
  }

  async #order(method, target, body) {
    const response = await fetch(this.control + target, { method, body: body && JSON.stringify(body) });
    const text = await response.text();
    if (!response.ok) throw new Error(`wechat-sim: ${target}: ${response.status} ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  }
}
