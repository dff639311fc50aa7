/** What a program prints, as lines that are asked for one after the other. */

/** A login may greet before the script begins; a line that grows beyond this is none of ours. */
const MAX_LINE_LENGTH = 1_048_576;

export class Lines {
  readonly #lines: string[] = [];
  #part = '';
  #ended = false;
  #wake: () => void = () => {};

  push(bytes: Uint8Array): void {
    const lines = (this.#part + Buffer.from(bytes).toString('latin1')).split('\n');
    this.#part = (lines.pop() ?? '').slice(-MAX_LINE_LENGTH);
    this.#lines.push(...lines);
    this.#wake();
  }

  end(): void {
    this.#ended = true;
    this.#wake();
  }

  /** The next line for which `choose` has a value, with what came before it passed over; null: there was none in time. */
  async find<T>(choose: (line: string) => T | null, timeoutMs: number): Promise<T | null> {
    const end = performance.now() + timeoutMs;
    for (;;) {
      for (let line = this.#lines.shift(); line !== undefined; line = this.#lines.shift()) {
        const value = choose(line);
        if (value !== null) return value;
      }
      const left = end - performance.now();
      if (this.#ended || left <= 0) return null;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }
}
