// Loads a mini program's modules as WeChat does: CommonJS, packages from miniprogram_npm, and of the world around
// no more than a mini program has.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { compileFunction } from "node:vm";

// What Node and browsers have and mini programs have not.
const absent = [
  "global", "globalThis", "process", "Buffer", "window", "self", "document", "navigator", "location", "fetch",
  "XMLHttpRequest", "URL", "URLSearchParams", "TextEncoder", "TextDecoder", "AbortController", "FormData", "Blob",
  "WebSocket", "localStorage", "crypto", "performance", "structuredClone", "queueMicrotask", "setImmediate", "atob",
  "btoa", "alert",
];

export class ModuleLoader {
  #root;
  #given;
  #modules = new Map();

  // `given` are the names that modules find: wx, App, Page …
  constructor(root, given) {
    this.#root = root;
    this.#given = given;
  }

  // Puts `exports` in the place of a module, as somebody who edits the file would.
  replace(file, exports) {
    this.#modules.set(path.join(this.#root, `${file}.js`), { exports });
  }

  // `file` without a suffix or with .js, from the root of the mini program.
  load(file) {
    return this.#run(path.resolve(this.#root, file.replace(/\.js$/, "")) + ".js");
  }

  #run(file) {
    if (this.#modules.has(file)) return this.#modules.get(file).exports;
    const module = { exports: {} };
    this.#modules.set(file, module);
    const names = ["require", "module", "exports", ...Object.keys(this.#given), ...absent];
    const run = compileFunction(readFileSync(file, "utf8"), names, { filename: file });
    run((wanted) => this.#run(this.#resolve(file, wanted)), module, module.exports, ...Object.values(this.#given));
    return module.exports;
  }

  #resolve(from, wanted) {
    if (/^\.{0,2}\//.test(wanted)) {
      const base = wanted.startsWith("/") ? this.#root : path.dirname(from);
      const file = path.join(base, wanted.replace(/^\//, ""));
      const found = [file, `${file}.js`, path.join(file, "index.js")].find((each) => each.endsWith(".js") && existsSync(each));
      if (found) return found;
    } else {
      for (let at = path.dirname(from); at.startsWith(this.#root); at = path.dirname(at)) {
        const file = path.join(at, "miniprogram_npm", wanted, "index.js");
        if (existsSync(file)) return file;
      }
    }
    throw new Error(`module '${wanted}' is not defined, require args is '${wanted}' (in ${from})`);
  }
}
