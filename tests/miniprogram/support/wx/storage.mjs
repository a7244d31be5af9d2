// The phone's storage for one mini program; it outlives the mini program's runs.

const mostOfAKey = 1024 * 1024;

export class Storage {
  #texts = new Map();
  writes = 0;

  set(key, value) {
    const text = JSON.stringify({ value });
    if (text.length > mostOfAKey) throw new Error("setStorageSync:fail entry size limit reached");
    this.writes += 1;
    this.#texts.set(key, text);
  }

  // A copy of what was set; "" where there is nothing.
  get(key) {
    return this.#texts.has(key) ? JSON.parse(this.#texts.get(key)).value ?? "" : "";
  }

  remove(key) {
    this.writes += 1;
    this.#texts.delete(key);
  }

  clear() {
    this.#texts.clear();
  }

  get keys() {
    return [...this.#texts.keys()];
  }

  get everything() {
    return [...this.#texts.entries()].map(([key, text]) => key + text).join("\n");
  }
}
