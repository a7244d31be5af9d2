// miniprogram-simulate with a document to draw in and the phone's own module loader. It knows components; pages
// are made components of, as WeChat does itself where a page is written with Component.
import { createRequire } from "node:module";
import { JSDOM } from "jsdom";

const { window } = new JSDOM("<!DOCTYPE html><html><head></head><body></body></html>", { pretendToBeVisual: true });
for (const name of ["window", "document", "Element", "Node", "Event", "CustomEvent", "TouchEvent", "HTMLElement"]) {
  globalThis[name] = name === "window" ? window : window[name];
}

const require = createRequire(import.meta.url);
const parts = require("miniprogram-simulate/src/utils");
const simulate = require("miniprogram-simulate");

// Registers the page or component at `file`; `runJs` runs the code of it and of what it uses.
export function register(file, { root, runJs }) {
  const before = parts.runJs;
  parts.runJs = runJs;
  try {
    return simulate.load(file, "page", { rootPath: root, compiler: "official" });
  } finally {
    parts.runJs = before;
  }
}

export const draw = (id) => simulate.render(id);

export const { Component, Behavior } = globalThis;
export const { document } = window;

// What a page is given that is no function is its own as well: `this.timer`, `this.options`.
export function pageAsComponent(definition) {
  const methods = {};
  const own = {};
  for (const [name, value] of Object.entries(definition)) {
    if (typeof value === "function") methods[name] = value;
    else if (name !== "data") own[name] = value;
  }
  return { component: { data: definition.data ?? {}, methods }, own };
}
