/** What an explanation consists of. The command line prints it, the console draws it; neither adds meaning of its own. */
import type { ExpertCommand } from '../expert-commands/index.ts';
import type { Text } from '../text/index.ts';

export const outputKinds = [
  'chrony-tracking',
  'chrony-sources',
  'chrony-sourcestats',
  'chrony-activity',
  'chrony-ntpdata',
  'chrony-selectdata',
  'chrony-serverstats',
  'chrony-error',
  'timedatectl',
  'timesync',
  'kernel',
  'ntpq-peers',
  'ntpdate',
] as const;
export type OutputKind = (typeof outputKinds)[number];

/** How much a value matters in this case. */
export type Importance = 'good' | 'plain' | 'attention' | 'problem';

export interface ExplainedValue {
  /** The column or label as the tool prints it, never translated. */
  readonly label: string;
  /** The value in the units of Clockwarden: one sign, one scale. Empty where the meaning says it all. */
  readonly shown: string;
  /** What it means in this case. */
  readonly meaning: Text;
  readonly importance: Importance;
  /** The last eight polls, oldest first; true = answered. Only for a reach register. */
  readonly polls?: readonly boolean[];
}

/** One source, peer or server of a table. */
export interface ExplainedRow {
  readonly name: string;
  /** The marks in front of it, as `^*`; empty where the table has none. */
  readonly mark: string;
  readonly importance: Importance;
  readonly summary: Text;
  readonly values: readonly ExplainedValue[];
}

export interface ExplainedSection {
  readonly kind: OutputKind;
  readonly title: Text;
  /** Lines of the pasted text, counted from 1; null when it was no text. */
  readonly lines: { readonly first: number; readonly last: number } | null;
  readonly values: readonly ExplainedValue[];
  readonly rows: readonly ExplainedRow[];
}

export interface Conclusion {
  /** Stable name for programs, in kebab case. */
  readonly code: string;
  readonly importance: Importance;
  readonly text: Text;
  /** What to do next; null when there is nothing to do. */
  readonly next: Text | null;
  readonly commands: readonly ExpertCommand[];
}

export interface Explanation {
  readonly sections: readonly ExplainedSection[];
  /** In the order in which an expert would look: what prevents synchronisation first, what is merely not ideal last. */
  readonly conclusions: readonly Conclusion[];
  /** Lines that are of no known output. */
  readonly notUnderstood: readonly { readonly line: number; readonly text: string }[];
}

const order: readonly Importance[] = ['good', 'plain', 'attention', 'problem'];

/** The gravest of all; `good` for none. */
export function gravest(all: readonly { readonly importance: Importance }[]): Importance {
  return all.reduce<Importance>(
    (worst, { importance }) => (order.indexOf(importance) > order.indexOf(worst) ? importance : worst),
    'good',
  );
}
