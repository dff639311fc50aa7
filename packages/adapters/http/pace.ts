/**
 * Lets so many exchanges begin at once that the event loop stays quick, for its delays widen every bound. Who takes
 * longer than a moment stops counting: the slow and the dead hold nobody up.
 */
export class Pace {
  readonly #limit: number;
  readonly #patienceMs: number;
  #counting = 0;
  readonly #waiting: (() => void)[] = [];
  #next = 0;

  constructor(limit: number, patienceMs: number) {
    this.#limit = limit;
    this.#patienceMs = patienceMs;
  }

  /** Waits for its turn, then runs the work. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#counting >= this.#limit) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#counting += 1;
    let counts = true;
    const stopCounting = (): void => {
      if (!counts) return;
      counts = false;
      this.#letNextIn();
    };
    const patience = setTimeout(stopCounting, this.#patienceMs);
    try {
      return await work();
    } finally {
      clearTimeout(patience);
      stopCounting();
    }
  }

  /** The one who leaves gives its place to the next. */
  #letNextIn(): void {
    const next = this.#waiting[this.#next];
    if (next === undefined) {
      this.#counting -= 1;
      this.#waiting.length = 0;
      this.#next = 0;
      return;
    }
    this.#next += 1;
    next();
  }
}
