/** A map that forgets: it holds the latest entries that were set or asked for, at least `count` of them and at most twice as many. */
export class RecentMap<Key, Value> {
  readonly #count: number;
  #young = new Map<Key, Value>();
  #old = new Map<Key, Value>();

  constructor(count: number) {
    this.#count = count;
  }

  get(key: Key): Value | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const old = this.#old.get(key);
    if (old !== undefined) this.set(key, old);
    return old;
  }

  set(key: Key, value: Value): void {
    this.#young.set(key, value);
    if (this.#young.size < this.#count) return;
    this.#old = this.#young;
    this.#young = new Map();
  }
}
