/**
 * Some of very many things, evenly spread, in bounded memory: every one of the first, then every second, every fourth and so
 * on, and those that were kept before are thinned out alike.
 */
export class Thinned<T> {
  readonly #max: number;
  #items: T[] = [];
  #every = 1;
  #seen = 0;

  constructor(max: number) {
    this.#max = max;
  }

  add(item: T): void {
    if (this.#seen++ % this.#every !== 0) return;
    this.#items.push(item);
    if (this.#items.length <= this.#max) return;
    this.#items = this.#items.filter((_, index) => index % 2 === 0);
    this.#every *= 2;
  }

  get items(): readonly T[] {
    return this.#items;
  }
}
