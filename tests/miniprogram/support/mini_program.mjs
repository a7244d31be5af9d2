// A mini program that runs on a phone: its app, its pages, and the user's fingers.
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { ModuleLoader } from "./module_loader.mjs";
import { Behavior, Component, document, draw, pageAsComponent, register } from "./simulator.mjs";

export const exampleRoot = path.resolve(fileURLToPath(new URL("../../../miniprogram/example", import.meta.url)));

export class MiniProgram {
  app;
  pages = [];
  #loader;
  #registered = new Map();
  #own;

  // A cold start: all modules anew; of the last run there is what the phone's storage holds. With `config` in place
  // of what the example's config.js says.
  constructor(phone, { root = exampleRoot, config } = {}) {
    this.root = root;
    this.#loader = new ModuleLoader(root, {
      wx: phone.wx, console, setTimeout, clearTimeout, setInterval, clearInterval,
      App: (definition) => void (this.app = definition),
      getApp: () => this.app,
      getCurrentPages: () => this.pages.map(({ instance }) => instance),
      Page: (definition) => {
        const { component, own } = pageAsComponent(definition);
        this.#own = own;
        Component(component);
      },
      Component,
      Behavior,
    });
    if (config) this.#loader.replace("config", config);
    this.#loader.load("app");
    this.app.onLaunch?.({});
    this.app.onShow?.({});
  }

  // Opens a page as wx.navigateTo does, "/pages/home/home".
  open(address, query = {}) {
    if (!this.#registered.has(address)) this.#registered.set(address, this.#register(address));
    const { id, own } = this.#registered.get(address);
    const drawn = draw(id);
    const page = new OpenPage(drawn);
    Object.assign(page.instance, own);
    drawn.attach(document.body);
    this.pages.push(page);
    page.call("onLoad", query);
    page.call("onShow");
    page.call("onReady");
    return page;
  }

  #register(address) {
    const runJs = (file) => this.#loader.load(path.relative(this.root, file));
    const id = register(path.join(this.root, address), { root: this.root, runJs });
    return { id, own: this.#own };
  }

  close(page) {
    this.pages = this.pages.filter((each) => each !== page);
    page.call("onUnload");
    page.drawn.detach();
  }
}

// The platform's part of a button: which event a tap makes, by its open-type.
const eventOfOpenType = {
  getUserInfo: "getuserinfo",
  getPhoneNumber: "getphonenumber",
  chooseAvatar: "chooseavatar",
  agreePrivacyAuthorization: "agreeprivacyauthorization",
};

class OpenPage {
  constructor(drawn) {
    this.drawn = drawn;
  }

  get instance() {
    return this.drawn.instance;
  }

  get data() {
    return this.drawn.data;
  }

  call(name, ...given) {
    return this.instance[name]?.(...given);
  }

  // All words that the user sees.
  get text() {
    return this.drawn.dom.textContent.replace(/\s+/g, " ").trim();
  }

  // `selector` within the page, or within a component of it: find(".agree", "#privacy").
  find(selector, within) {
    const at = within ? this.drawn.querySelector(within) : this.drawn;
    return at?.querySelector(selector);
  }

  // `name` as the compiler spells it: openType.
  attribute(element, name) {
    return element.toJSON().attrs.find((each) => each.name === name)?.value;
  }

  // The user taps; `detail` is what the platform makes of it. A button that is disabled does nothing.
  tap(selector, detail = {}, within = undefined) {
    const element = this.find(selector, within);
    if (!element) throw new Error(`nothing to tap: ${selector} in: ${this.text}`);
    if (this.attribute(element, "disabled")) return;
    element.dispatchEvent(eventOfOpenType[this.attribute(element, "openType")] ?? "tap", { detail });
  }

  // The user presses the form's button, after writing `value` in its inputs.
  submit(value) {
    this.find(".form").dispatchEvent("submit", { detail: { value } });
  }

  // Waits for what the user is to see.
  async sees(wanted) {
    const end = Date.now() + (Number(process.env.PATIENCE_MS) || 60_000);
    while (!(typeof wanted === "string" ? this.text.includes(wanted) : wanted(this))) {
      if (Date.now() > end) throw new Error(`waited for ${wanted}; there is: ${this.text} ${JSON.stringify(this.data)}`);
      await wait(5);
    }
  }
}
