/** Whether a clock may be stepped: by `apply`, whose restarts give daemons leave to step, and by `resync`. */
import { formatDuration, formatSeconds, type Text, text } from '../text/index.ts';
import type { Correction } from './correction.ts';
import type { ConfigureFacts } from './facts.ts';

export interface StepConsent {
  /** --allow-step: also where etcd or kube-apiserver run. */
  readonly allowStep: boolean;
  /** --max-step in seconds: nowhere further than this. */
  readonly maxStepSeconds: number;
}

export const DEFAULT_MAX_STEP_SECONDS = 3_600;

export type StepRuling =
  /** `questions` to put to a person, each to be answered with yes; none: go on. */
  | { readonly kind: 'allowed'; readonly questions: readonly Text[] }
  | { readonly kind: 'refused'; readonly code: StepRefusal; readonly text: Text; readonly hint: Text };

export type StepRefusal = 'sources-disagree' | 'step-too-large' | 'control-plane';

/** A step forwards has one question, one backwards has two: {@link openQuestions}. */
export function ruleStep(
  node: string,
  correction: Correction,
  runs: ConfigureFacts['runs'],
  consent: StepConsent,
): StepRuling {
  switch (correction.kind) {
    case 'none':
    case 'slew':
      return { kind: 'allowed', questions: [] };
    case 'step':
      return ruleKnownStep(node, correction, runs, consent);
    case 'unknown':
      return ruleUnknown(node, correction, runs, consent);
  }
}

/** The questions of a ruling that the options given do not answer: --yes the first, --allow-backwards-step the second. */
export function openQuestions(
  { questions }: Extract<StepRuling, { kind: 'allowed' }>,
  given: { readonly yes: boolean; readonly allowBackwards: boolean },
): readonly Text[] {
  const [first, ...second] = questions;
  return [...(first === undefined || given.yes ? [] : [first]), ...(given.allowBackwards ? [] : second)];
}

function ruleKnownStep(
  node: string,
  { seconds, backwards }: Extract<Correction, { kind: 'step' }>,
  runs: ConfigureFacts['runs'],
  { allowStep, maxStepSeconds }: StepConsent,
): StepRuling {
  // The clock moves the other way than it is off.
  const by = formatSeconds(-seconds, { signed: true });
  if (Math.abs(seconds) > maxStepSeconds) {
    return refused(
      'step-too-large',
      text(
        `${node} would be stepped by ${by}, more than ${formatDuration(maxStepSeconds)}.`,
        `${node} 的时钟将跳变 ${by}，超过 ${formatDuration(maxStepSeconds)}。`,
      ),
      text(
        `Make sure of it with \`clockwarden query\`, then allow it: --max-step ${roundedUp(seconds)}`,
        `请先用 \`clockwarden query\` 确认，再用 --max-step ${roundedUp(seconds)} 允许`,
      ),
    );
  }
  const watcher = watcherOf(runs);
  if (watcher !== null && !allowStep) {
    return refused(
      'control-plane',
      text(
        `${node} runs ${watcher} and would be stepped by ${by}: leases, tokens and the order of its log would suffer.`,
        `${node} 上运行着 ${watcher}，时钟将跳变 ${by}：租约、令牌和日志顺序会受影响。`,
      ),
      allowHint,
    );
  }
  const first = text(`Step the clock of ${node} by ${by}?`, `将 ${node} 的时钟跳变 ${by}？`);
  if (!backwards) return { kind: 'allowed', questions: [first] };
  const second = text(
    `${node} goes back ${formatDuration(seconds)}: times that were already given are given again. Really?`,
    `${node} 将倒退 ${formatDuration(seconds)}：已经出现过的时刻会再次出现。确定吗？`,
  );
  return { kind: 'allowed', questions: [first, second] };
}

function ruleUnknown(
  node: string,
  { code, why }: Extract<Correction, { kind: 'unknown' }>,
  runs: ConfigureFacts['runs'],
  { allowStep }: StepConsent,
): StepRuling {
  if (code === 'sources-disagree') {
    return refused(
      'sources-disagree',
      text(`${node}: ${why.en}`, `${node}：${why['zh-CN']}`),
      text(
        'See who is wrong with `clockwarden query`, and take it out of `upstreams`.',
        '用 `clockwarden query` 查明谁是错的，并将其移出 `upstreams`。',
      ),
    );
  }
  const watcher = watcherOf(runs);
  if (watcher !== null && !allowStep) {
    return refused(
      'control-plane',
      text(
        `${node} runs ${watcher}, and a step cannot be ruled out: ${why.en}`,
        `${node} 上运行着 ${watcher}，且无法排除跳变：${why['zh-CN']}`,
      ),
      allowHint,
    );
  }
  return {
    kind: 'allowed',
    questions: [
      text(
        `${node} may be stepped, nobody knows by how much. ${why.en} Go on?`,
        `${node} 的时钟可能跳变，幅度未知。${why['zh-CN']} 继续吗？`,
      ),
    ],
  };
}

const allowHint = text(
  'Drain it or stop the process first, or accept it with --allow-step.',
  '请先排空该节点或停止该进程，或用 --allow-step 接受。',
);

function refused(code: StepRefusal, words: Text, hint: Text): StepRuling {
  return { kind: 'refused', code, text: words, hint };
}

function watcherOf(runs: ConfigureFacts['runs']): string | null {
  const names = [...(runs.etcd ? ['etcd'] : []), ...(runs.apiserver ? ['kube-apiserver'] : [])];
  return names.length === 0 ? null : names.join(' + ');
}

/** As an option would be written: whole hours or days above the size. */
function roundedUp(seconds: number): string {
  const hours = Math.ceil(Math.abs(seconds) / 3_600);
  return hours < 72 ? `${hours + 1}h` : `${Math.ceil(hours / 24) + 1}d`;
}
