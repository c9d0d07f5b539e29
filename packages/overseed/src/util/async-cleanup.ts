/**
 * Things to close together, in reverse order: what the platform will call AsyncDisposableStack, which Node 22 lacks.
 */
export class AsyncCleanup implements AsyncDisposable {
  #resources: AsyncDisposable[] = [];

  use<T extends AsyncDisposable>(resource: T): T {
    this.#resources.push(resource);
    return resource;
  }

  /** Hands everything over: this one then closes nothing. */
  move(): AsyncCleanup {
    const other = new AsyncCleanup();
    other.#resources = this.#resources;
    this.#resources = [];
    return other;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const resource of this.#resources.toReversed()) await resource[Symbol.asyncDispose]();
    this.#resources = [];
  }
}
