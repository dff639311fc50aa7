/** A terminal, as far as live lines use one: it scrolls, and what has left it at the top cannot be reached any more. */
import { width } from './width.ts';

export class FakeScreen {
  readonly columns: number;
  readonly rows: number;
  readonly #lines: string[] = [''];
  #row = 0;

  constructor(columns: number, rows: number) {
    this.columns = columns;
    this.rows = rows;
  }

  write(words: string): void {
    const [plain = '', ...sequences] = words.split('\u001b[');
    this.#print(plain);
    for (const sequence of sequences) {
      const [whole = '', count, command] = /^(\d*)([A-Za-z])/.exec(sequence) ?? [];
      if (command === 'A') this.#up(Number(count));
      else if (command === 'J') this.#lines.splice(this.#row, this.#lines.length, '');
      this.#print(sequence.slice(whole.length));
    }
  }

  #up(count: number): void {
    this.#row = Math.max(this.#row - count, this.#lines.length - this.rows, 0);
  }

  #print(words: string): void {
    for (const [index, line] of words.split('\n').entries()) {
      if (index > 0) this.#next();
      this.#printLine(line);
    }
  }

  #next(): void {
    this.#row += 1;
    this.#lines[this.#row] ??= '';
  }

  /** A line that is too long goes on in the next. */
  #printLine(words: string): void {
    for (const character of words) {
      if (width(`${this.#lines[this.#row]}${character}`) > this.columns) this.#next();
      this.#lines[this.#row] += character;
    }
  }

  /** Everything that was ever left standing, the newest last. */
  get lines(): readonly string[] {
    return this.#lines.slice(0, this.#lines.at(-1) === '' ? -1 : undefined);
  }
}
