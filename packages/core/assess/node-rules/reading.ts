/** The rules about what could be read at all. */
import type { NodeObservation, Reading } from '../../observe/index.ts';
import { text } from '../../text/index.ts';
import { secondsOf } from '../../time/index.ts';
import type { Reason } from '../reason.ts';
import type { Rule } from './rule.ts';

export const readingRule: Rule = (observation) => {
  const failed = observation.readings.filter((reading) => !reading.result.ok);
  if (!isReachable(observation)) {
    return [
      {
        code: 'unreachable',
        severity: 'undetermined',
        text: firstFailure(failed)?.text ?? text('No source has answered yet.', '还没有任何来源应答。'),
        endangers: null,
        evidence: { sourcesAsked: observation.readings.length },
        source: failed[0]?.source ?? null,
        ageSeconds: failed[0] === undefined ? null : secondsOf(observation.now - failed[0].at),
      },
    ];
  }
  const reasons: Reason[] = failed.map((reading) => ({
    code: 'source-failed',
    severity: 'info',
    text: firstFailure([reading])?.text ?? text('A source failed.', '某个来源失败。'),
    endangers: null,
    evidence: { source: reading.source, target: reading.target },
    source: reading.source,
    ageSeconds: secondsOf(observation.now - reading.at),
  }));
  if (observation.facts.clock === null) {
    reasons.unshift({
      code: 'no-clock',
      severity: 'undetermined',
      text: text(
        'The node answers, but none of its sources can read its clock now.',
        '节点有应答，但目前没有来源能读出它的时钟。',
      ),
      endangers: null,
      evidence: {},
      source: null,
      ageSeconds: null,
    });
  }
  return reasons;
};

/** Some source has something fresh to say about the node. */
export function isReachable(observation: NodeObservation): boolean {
  return Object.values(observation.facts).some((fact) => fact !== null);
}

function firstFailure(readings: readonly Reading[]): { readonly text: Reason['text'] } | null {
  const result = readings[0]?.result;
  return result === undefined || result.ok ? null : result.failure;
}
