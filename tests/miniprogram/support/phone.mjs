// A phone with WeChat on it, as far as a mini program can see: the object `wx`, over real TCP to real servers.
import { Channel } from "./wx/channel.mjs";
import { fail, promising, succeed } from "./wx/callbacks.mjs";
import { request } from "./wx/request.mjs";
import { screenOf } from "./wx/screen.mjs";
import { Storage } from "./wx/storage.mjs";
import { uploadFile } from "./wx/upload_file.mjs";

export class Phone {
  appid;
  user;
  envVersion = "release";
  // The Referer's: the number of a release, 0 for develop and trial editions, "devtools".
  pageVersion = "12";
  online = true;
  // Domain → address: the stand-in for name service, TLS and the proxy in front of the login server.
  hosts = {};
  // Whether only registered domains can be reached. Off is the developer tools' switch.
  checksDomains = true;

  storage = new Storage();
  files = new Map();
  // What was sent, in order; every login code that was given out.
  sent = [];
  codes = [];
  channels = { request: new Channel(10), uploadFile: new Channel(10) };
  #mint;

  // `mint(user)` resolves to a login code, as WeChat's servers make it.
  constructor({ appid, user = "alice", mint, hosts = {} }) {
    Object.assign(this, { appid, user, hosts });
    this.#mint = mint;
    this.screen = screenOf(this);
    this.wx = this.#api();
  }

  // Where an address leads on this phone.
  reach(url) {
    if (!this.online) return { failure: "errcode:-106 net::ERR_INTERNET_DISCONNECTED" };
    const { origin } = new URL(url);
    const there = this.hosts[origin];
    if (there !== undefined) return { address: url.replace(origin, there) };
    return this.checksDomains ? { failure: "url not in domain list" } : { address: url };
  }

  // What was sent to a path, in order.
  sentTo(path) {
    return this.sent.filter(({ url }) => new URL(url).pathname === path);
  }

  async #login(options) {
    if (!this.online) return fail(options, "login", "net::ERR_INTERNET_DISCONNECTED");
    try {
      const code = await this.#mint(this.user);
      this.codes.push(code);
      succeed(options, "login", { code });
    } catch (error) {
      fail(options, "login", error.message);
    }
  }

  #api() {
    return {
      ...this.screen.api,
      login: promising((options) => void this.#login(options)),
      request: (options) => request(this, this.channels.request, options),
      uploadFile: (options) => uploadFile(this, this.channels.uploadFile, options),
      getNetworkType: promising((options) =>
        succeed(options, "getNetworkType", { networkType: this.online ? "wifi" : "none" })),
      getAccountInfoSync: () => ({
        miniProgram: { appId: this.appid, envVersion: this.envVersion, version: "" },
      }),
      setStorageSync: (key, value) => this.storage.set(key, value),
      getStorageSync: (key) => this.storage.get(key),
      removeStorageSync: (key) => this.storage.remove(key),
      clearStorageSync: () => this.storage.clear(),
    };
  }
}
