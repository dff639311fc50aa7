/** What happens during a run, as it is shown, printed with --json and kept in the operator's journal. */
import type { Action, NodeProgress } from '@clockwarden/core/configure';
import { type Language, localized, type Text } from '@clockwarden/core/text';
import { describeAction } from '../plan/describe.ts';

export type RunKind = 'apply' | 'rollback';

export type RunResult =
  /** Every node is what it was to become. */
  | 'done'
  /** Ended at a failure, or nothing was begun. */
  | 'halted'
  /** The operator ended it. */
  | 'stopped';

export type RunEvent =
  | {
      readonly event: 'run-started';
      readonly run: string;
      readonly kind: RunKind;
      readonly operator: string;
      readonly order: readonly (readonly string[])[];
    }
  | {
      readonly event: 'node';
      readonly node: string;
      readonly progress: NodeProgress;
      /** Why, where there is something to say. */
      readonly text: Text | null;
    }
  | {
      readonly event: 'action';
      readonly node: string;
      /** The node's run; that of an earlier `apply` where one is continued or put back. */
      readonly run: string;
      /** From 0. */
      readonly index: number;
      readonly of: number;
      /** Null: only the node knows, since the run was another operator's. */
      readonly action: Action | null;
      readonly state: 'begun' | 'done' | 'failed' | 'undoing' | 'undone' | 'undo-failed';
      readonly text: Text | null;
    }
  /** What a node waits for now. */
  | { readonly event: 'waiting'; readonly node: string; readonly text: Text }
  | {
      readonly event: 'run-ended';
      readonly run: string;
      readonly result: RunResult;
      readonly nodes: Readonly<Record<string, NodeProgress>>;
    };

export type Say = (event: RunEvent) => void;

/** As --json prints it: one object a line, texts in the language of the person. docs/reference/json-apply.md. */
export function eventJson(
  event: RunEvent,
  language: Language,
  at: Date,
): Readonly<Record<string, unknown>> & { readonly event: string; readonly at: string } {
  const { event: name, ...rest } = event;
  const words = 'text' in event && event.text !== null ? { text: localized(event.text, language) } : {};
  const schema = name === 'run-started' ? { schema: 'clockwarden.run/1' } : {};
  return { event: name, at: at.toISOString(), ...schema, ...rest, ...actionJson(event, language), ...words };
}

/** Without the contents of files: they are in the plan, and may be keys. */
function actionJson(event: RunEvent, language: Language): Readonly<Record<string, unknown>> {
  if (event.event !== 'action' || event.action === null) return {};
  return { action: event.action.kind, what: localized(describeAction(event.action), language) };
}
