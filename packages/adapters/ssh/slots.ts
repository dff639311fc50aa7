/** Places for work that uses the CPU of this machine, given away by those that wait for somebody else. */

export interface SlotOptions {
  /** Pieces of work that use the CPU at once. */
  readonly limit: number;
  /** Work that has said nothing after this time waits for somebody: it costs nothing, so another may begin meanwhile. */
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

  /**
   * Runs `work` when there is room. It calls `busy` once it keeps its place until it ends, and `away` while it waits for
   * somebody else; one that was away takes its place again by `busy`, though others may have filled it.
   */
  async run<T>(work: (busy: () => void, away: () => void) => Promise<T>): Promise<T> {
    while (this.#busy >= this.#options.limit || this.#alive >= this.#options.most) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#busy++;
    this.#alive++;
    let holds = true;
    const away = (): void => {
      clearTimeout(impatient);
      if (holds) this.#busy--;
      holds = false;
      this.#waiting.shift()?.();
    };
    const busy = (): void => {
      clearTimeout(impatient);
      if (!holds) this.#busy++;
      holds = true;
    };
    const impatient = setTimeout(away, this.#options.patienceMs);
    try {
      return await work(busy, away);
    } finally {
      this.#alive--;
      away();
    }
  }
}
