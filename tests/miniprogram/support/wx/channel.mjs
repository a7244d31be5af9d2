// So many calls go on at once; the others wait in line.

export class Channel {
  #most;
  #running = 0;
  #line = [];
  highest = 0;

  constructor(most) {
    this.#most = most;
  }

  // `start` is given a function to call when it is done.
  enter(start) {
    if (this.#running >= this.#most) {
      this.#line.push(start);
      return;
    }
    this.#running += 1;
    this.highest = Math.max(this.highest, this.#running);
    let left = false;
    start(() => {
      if (left) return;
      left = true;
      this.#running -= 1;
      if (this.#line.length > 0) this.enter(this.#line.shift());
    });
  }
}
