/** Places for work that uses the CPU of this machine, given away by those that turn out to wait for somebody else. */

export interface SlotOptions {
  /** Pieces of work that use the CPU at once. */
  readonly limit: number;
  /** Work that has not said `busy` after this time waits for a node: it costs nothing, so another may begin meanwhile. */
  readonly patienceMs: number;
  /** Pieces of work under way, waiting ones included. */
  readonly most: number;
}

export class Slots {
  readonly #options: SlotOptions;
  #busy = 0;
  #alive = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(options: SlotOptions) {
    this.#options = options;
  }

  /** Runs `work` when there is room; it calls `busy` once it keeps its place until it ends. */
  async run<T>(work: (busy: () => void) => Promise<T>): Promise<T> {
    while (this.#busy >= this.#options.limit || this.#alive >= this.#options.most) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#busy++;
    this.#alive++;
    let holds = true;
    const release = (): void => {
      if (holds) this.#busy--;
      holds = false;
      this.#waiting.shift()?.();
    };
    const impatient = setTimeout(release, this.#options.patienceMs);
    try {
      return await work(() => clearTimeout(impatient));
    } finally {
      clearTimeout(impatient);
      this.#alive--;
      release();
    }
  }
}
