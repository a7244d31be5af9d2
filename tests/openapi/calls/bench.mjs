// What the calls of all topics share: one server, who calls it, and users by the dozen.
import assert from "node:assert/strict";
import { Caller } from "../support/caller.mjs";
import { Description } from "../support/description.mjs";
import { Server } from "../support/server.mjs";

export const nobody = "01990f3e-7a2b-7c3d-8e4f-5a6b7c8d9e0f";
export const longAgo = "203.0.113.7";

// All of it ASCII, so that it can be sent as a text.
export const picture = "GIF89a\x03\0\x02\0\0\0\0,\0\0\0\0\x03\0\x02\0\0\x02\x06pixels\0;";
export const upload = (content) => ({
  type: "multipart/form-data; boundary=b",
  body: `--b\r\nContent-Disposition: form-data; name="avatar"; filename="a.gif"\r\n\r\n${content}\r\n--b--\r\n`,
});

export class Bench {
  described = new Description();
  caller = new Caller(this.described);
  #users = 0;

  async start() {
    this.server = await Server.start({
      wechat: "timeout_ms = 1500\nfirst_byte_timeout_ms = 1000",
      sections: "[limits]\nlogins_per_address = 3\nrequests_per_user = 12\nlogins_per_app = 100000",
    });
  }

  end() {
    return this.server?.end();
  }

  // These are passed on without the bench.
  call = (id, what = {}) => this.caller.call(this.server.at, id, what);
  operate = (id, what = {}) => this.call(id, { token: this.server.key, ...what });
  status = async (wanted, id, what) => {
    const answer = await this.call(id, what);
    assert.equal(answer.status, wanted, `${id}: ${answer.bytes}`);
    return answer;
  };
  keyWithoutScope = (id) => this.server.keyWithout(this.described.operation(id)["x-scope"]);
  newUser = async () => {
    const user = `user${++this.#users}`;
    const login = await this.status(200, "logIn", { body: { code: await this.server.code(user) } });
    return { user, ...login.body };
  };
  bannedUser = async () => {
    const login = await this.newUser();
    await this.status(204, "banUser", { token: this.server.key, path: { id: login.id } });
    return login;
  };
}
