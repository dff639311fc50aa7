/** Whether the steps that a run would bring may be taken: asked for all nodes before the first write. */
import {
  type ConfigureFacts,
  openQuestions,
  ruleStep,
  type StepConsent,
  type StepRefusal,
} from '@clockwarden/core/configure';
import type { Text } from '@clockwarden/core/text';
import type { MeasuredCorrection } from '../verify/index.ts';

export interface GuardedNode {
  readonly name: string;
  readonly facts: ConfigureFacts;
}

export interface StepAnswers extends StepConsent {
  readonly yes: boolean;
  /** --allow-backwards-step: stands for the second question. */
  readonly allowBackwards: boolean;
}

export interface GuardResult {
  readonly refused: readonly {
    readonly node: string;
    readonly code: StepRefusal;
    readonly text: Text;
    readonly hint: Text;
  }[];
  /** To be answered with yes by a person before anything is begun. */
  readonly questions: readonly Text[];
  /** Of steps backwards, on top of the first. */
  readonly secondQuestions: readonly Text[];
}

export function guardSteps(
  nodes: readonly GuardedNode[],
  corrections: ReadonlyMap<string, MeasuredCorrection>,
  { yes, allowBackwards, ...consent }: StepAnswers,
): GuardResult {
  const rulings = nodes.flatMap(({ name, facts }) => {
    const measured = corrections.get(name);
    return measured === undefined
      ? []
      : [{ node: name, ruling: ruleStep(name, measured.correction, facts.runs, consent) }];
  });
  const asked = rulings.flatMap(({ ruling }) => {
    if (ruling.kind === 'refused') return [];
    const open = openQuestions(ruling, { yes, allowBackwards });
    return open.map((question) => ({ question, second: question !== ruling.questions[0] }));
  });
  return {
    refused: rulings.flatMap(({ node, ruling }) =>
      ruling.kind === 'refused' ? [{ node, code: ruling.code, text: ruling.text, hint: ruling.hint }] : [],
    ),
    questions: asked.filter(({ second }) => !second).map(({ question }) => question),
    secondQuestions: asked.filter(({ second }) => second).map(({ question }) => question),
  };
}
