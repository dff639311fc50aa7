import pc from 'picocolors';

const started = performance.now();

/** One line of progress on stderr, with the seconds since the command began. stdout belongs to results. */
export function say(message: string): void {
  const seconds = ((performance.now() - started) / 1000).toFixed(1).padStart(6);
  process.stderr.write(`${pc.dim(`${seconds} s`)}  ${message}\n`);
}
