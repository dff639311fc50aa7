/** Whether the steps that a run would bring may be taken: asked for all nodes before the first write. */
import {
  type ConfigureFacts,
  openQuestions,
  ruleStep,
  type StepConsent,
  type StepRefusal,
} from '@clockwarden/core/configure';
import { type Text, text } from '@clockwarden/core/text';
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

/** A question to a person, and the option that answers it in their place. */
export type Question = readonly [question: Text, instead: string];

/** What a person is asked of the steps of all nodes: each question once. */
export function stepQuestions({ questions, secondQuestions }: GuardResult): readonly Question[] {
  return [
    ...asOne(questions.map((question) => [question, '--yes'] as const)),
    ...asOne(secondQuestions.map((question) => [question, '--allow-backwards-step'] as const)),
  ];
}

/** Nobody reads the same question fifty times. */
function asOne(questions: readonly Question[]): readonly Question[] {
  const [first] = questions;
  if (first === undefined || questions.length === 1) return questions;
  const all = (language: 'en' | 'zh-CN'): string =>
    questions.map(([words]) => `  ${words[language]}`).join('\n');
  const words = text(
    `Yes to all ${questions.length} of these?\n${all('en')}`,
    `以下 ${questions.length} 项全部同意吗？\n${all('zh-CN')}`,
  );
  return [[words, first[1]]];
}
