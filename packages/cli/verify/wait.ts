/** `verify --wait`, as it is shown while it lasts. */
import type { ClusterDesign, NodeOutcome } from '@clockwarden/core/configure';
import { formatDuration, type Text, text } from '@clockwarden/core/text';
import { type CliContext, liveLines } from '../terminal/index.ts';
import { tableLines } from './report.ts';
import type { Missing, Verifier } from './verifier.ts';
import { outcomeWords } from './words.ts';

/** A table that is renewed for a person; for a file or a pipe a line for each change. */
export async function waitFor(
  context: CliContext,
  verifier: Pick<Verifier, 'watch'>,
  design: ClusterDesign,
  names: readonly string[],
  missing: Missing,
  limitSeconds: number,
): Promise<readonly NodeOutcome[]> {
  const started = performance.now();
  let latest: readonly NodeOutcome[] = [];
  const live = liveLines(context, () => [
    context.color.dim(context.t(elapsed((performance.now() - started) / 1_000, limitSeconds))),
    // A low terminal has no room for all: those that are there already give way first.
    ...(latest.length === 0 ? [] : tableLines(context, design, latest, 'worst-first')),
  ]);
  const said = new Map<string, string>();
  try {
    return await verifier.watch(names, missing, {
      deadline: started + limitSeconds * 1_000,
      signal: context.signal,
      onLook: (outcomes) => {
        latest = outcomes;
        if (live === null) for (const outcome of outcomes) noteChange(context, outcome, said);
        else live.refresh();
      },
    });
  } finally {
    live?.end();
  }
}

function elapsed(seconds: number, limitSeconds: number): Text {
  const whole = formatDuration(Math.max(1, Math.round(seconds)));
  const limit = formatDuration(limitSeconds);
  return text(`waiting for ${whole}, at most ${limit}`, `已等待 ${whole}，最长 ${limit}`);
}

function noteChange(context: CliContext, outcome: NodeOutcome, said: Map<string, string>): void {
  const { t } = context;
  const waits = outcome.waitsFor === null ? '' : `: ${t(outcome.waitsFor)}`;
  const line = `${outcome.node}: ${t(outcomeWords[outcome.outcome])}${waits}`;
  // The wait's own numbers move all the time; a change of the outcome is news.
  if (said.get(outcome.node) === outcome.outcome) return;
  said.set(outcome.node, outcome.outcome);
  context.note(line);
}
