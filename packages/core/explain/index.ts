/**
 * Explains what the field's tools print: every mark, column and value for this very case, then the conclusions in the
 * order in which an expert would look. Pure; the command line and the console show the same explanation.
 */
import type { ChronyState } from '../observe/index.ts';
import { conclude } from './conclusions.ts';
import { nothingPasted, type PastedFacts } from './facts.ts';
import { type Recognised, recognise } from './recognise.ts';
import { explainPart } from './sections.ts';
import type { Conclusion, ExplainedSection, Explanation } from './structure.ts';

export {
  type Conclusion,
  type ExplainedRow,
  type ExplainedSection,
  type ExplainedValue,
  type Explanation,
  gravest,
  type Importance,
  type OutputKind,
  outputKinds,
} from './structure.ts';
export { drawPolls } from './words.ts';

/**
 * Explains a pasted text: outputs of chronyc, timedatectl, adjtimex, ntptime, ntpq -p and ntpdate -q, in any order,
 * whole or cut, with prompts between. No sections: nothing was recognised.
 */
export function explainText(text: string): Explanation {
  const { outputs, notUnderstood } = recognise(text);
  const sections = outputs.flatMap(({ facts, first, last }) =>
    sectionsOf(facts).map((section) => ({ ...section, lines: { first, last } })),
  );
  return { sections, conclusions: conclusionsOf(outputs), notUnderstood };
}

/** Explains what chronyd said over its command protocol, as if it had been pasted. */
export function explainChrony(state: ChronyState): Explanation {
  const facts: PastedFacts = {
    ...nothingPasted,
    tracking: state.tracking,
    sources: state.sources,
    sourceStats: state.sourceStats,
    activity: state.activity,
  };
  return { sections: sectionsOf(facts), conclusions: conclude(facts), notUnderstood: [] };
}

function sectionsOf(facts: Partial<PastedFacts>): readonly ExplainedSection[] {
  return (Object.keys(facts) as (keyof PastedFacts)[]).flatMap((part) =>
    sectionOf(part, facts[part] ?? null),
  );
}

function sectionOf<K extends keyof PastedFacts>(part: K, facts: PastedFacts[K] | null): ExplainedSection[] {
  return facts === null ? [] : [explainPart(part, facts as NonNullable<PastedFacts[K]>)];
}

/** Outputs belong to one machine until one of them comes a second time: then the next machine begins. */
function conclusionsOf(outputs: readonly Recognised[]): readonly Conclusion[] {
  const machines: PastedFacts[] = [];
  for (const { facts } of outputs) {
    const current = machines.at(-1);
    const again = (Object.keys(facts) as (keyof PastedFacts)[]).some((part) => current?.[part] != null);
    if (current === undefined || again) machines.push({ ...nothingPasted, ...facts });
    else machines[machines.length - 1] = { ...current, ...facts };
  }
  const all = machines.flatMap(conclude);
  return all.filter((one, index) => all.findIndex((other) => other.text.en === one.text.en) === index);
}
