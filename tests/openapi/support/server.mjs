// The real programs, with service keys required and a proxy believed, as a caller needs them.
import { execFileSync } from "node:child_process";
import { Deployment, appid } from "../../miniprogram/support/deployment.mjs";
import { binary } from "../../miniprogram/support/program.mjs";

export const wxlogind = (...args) => JSON.parse(execFileSync(binary("wxlogind"), [...args, "--json"], { encoding: "utf8" }));

function makeKey(name, scopes) {
  const made = wxlogind("service-key", "new", name, ...scopes.flatMap((each) => ["--scope", each]));
  const section = ["[[service_keys]]", `name = "${name}"`, `hash = "${made.hash}"`,
    `scopes = ${JSON.stringify(made.scopes)}`].join("\n");
  return { key: made.key, section };
}

export class Server {
  static async start(settings = {}) {
    const server = new Server();
    const all = makeKey("all", ["verify", "users:read", "users:write", "wechat", "metrics"]);
    const none = makeKey("none", ["verify"]);
    const metrics = makeKey("metrics", ["metrics"]);
    server.key = all.key;
    server.keyWithout = (scope) => (scope === "verify" ? metrics : none).key;
    server.deployment = await Deployment.start({
      ...settings,
      server: `require_service_keys = true\ntrusted_proxies = ["127.0.0.1"]\n${settings.server ?? ""}`,
      sections: `${all.section}\n${none.section}\n${metrics.section}\n${settings.sections ?? ""}`,
    });
    return server;
  }

  get at() {
    return { public: this.deployment.address, internal: this.deployment.internal };
  }

  code(user) {
    return this.deployment.mintCode(user);
  }

  // What wx.getUserInfo gives the user, who has logged in.
  openData(user, more = {}) {
    return this.deployment.openData(user, more);
  }

  phoneCode(user) {
    return this.deployment.phoneCode(user);
  }

  // From now on no file of the server may grow.
  forbidWrites() {
    execFileSync("prlimit", ["--pid", this.deployment.server.pid, "--fsize=0:unlimited"]);
  }

  end() {
    return this.deployment.end();
  }

  // Does not wait for what is under way.
  async endAtOnce() {
    await this.deployment.server.end().catch(() => {});
    this.deployment.server = undefined;
    await this.deployment.end();
  }
}

export { appid };
