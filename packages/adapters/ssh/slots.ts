/** How many logins may be under way at once. */

/** A login that has heard no server by then waits for a silent host: it costs nothing, so another may begin meanwhile. */
const PATIENCE_MS = 500;

/** Processes under way for each slot, silent ones included. */
const PROCESSES_PER_SLOT = 4;

/**
 * Logins cost CPU (the key exchange), so only some may run at once; hosts that do not answer must not hold the places of
 * those that would.
 */
export class LoginSlots {
  readonly #limit: number;
  #busy = 0;
  #alive = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(limit: number) {
    this.#limit = Math.max(1, limit);
  }

  /** Runs `work` when there is room; it calls `answered` once a server has answered. */
  async run<T>(work: (answered: () => void) => Promise<T>): Promise<T> {
    while (this.#busy >= this.#limit || this.#alive >= this.#limit * PROCESSES_PER_SLOT) {
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
    const impatient = setTimeout(release, PATIENCE_MS);
    try {
      return await work(() => clearTimeout(impatient));
    } finally {
      clearTimeout(impatient);
      this.#alive--;
      release();
    }
  }
}
