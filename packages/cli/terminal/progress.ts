import type { CliContext } from './context.ts';

/** Anything that takes longer shows what it waits for. */
const SHOW_AFTER_MS = 1000;

/** A line on standard error that is renewed while something runs; nothing where no person looks. */
export function progressOn(context: CliContext, line: () => string): { end(): void } {
  if (!context.interactive || context.json || process.stderr.isTTY !== true) return { end: () => undefined };
  let shown = false;
  const draw = (): void => {
    shown = true;
    process.stderr.write(`\r\u001b[2K${line()}`);
  };
  let repeat: NodeJS.Timeout | undefined;
  const first = setTimeout(() => {
    draw();
    repeat = setInterval(draw, 250);
  }, SHOW_AFTER_MS);
  return {
    end: () => {
      clearTimeout(first);
      clearInterval(repeat);
      if (shown) process.stderr.write('\r\u001b[2K');
    },
  };
}
