/** An explanation as JSON: docs/reference/json-explain.md. Texts in the language of the person. */
import type { Explanation, Importance, OutputKind } from '@clockwarden/core/explain';
import type { Text } from '@clockwarden/core/text';

interface ValueJson {
  readonly label: string;
  readonly shown: string;
  readonly meaning: string;
  readonly importance: Importance;
  readonly polls?: readonly boolean[];
}

export interface ExplanationJson {
  readonly sections: readonly {
    readonly kind: OutputKind;
    readonly title: string;
    readonly lines: { readonly first: number; readonly last: number } | null;
    readonly values: readonly ValueJson[];
    readonly rows: readonly {
      readonly name: string;
      readonly mark: string;
      readonly importance: Importance;
      readonly summary: string;
      readonly values: readonly ValueJson[];
    }[];
  }[];
  readonly conclusions: readonly {
    readonly code: string;
    readonly importance: Importance;
    readonly text: string;
    readonly next: string | null;
    readonly commands: readonly {
      readonly command: string;
      readonly meaning: string;
      readonly changes: boolean;
    }[];
  }[];
  readonly notUnderstood: Explanation['notUnderstood'];
}

export function explanationJson(explanation: Explanation, t: (text: Text) => string): ExplanationJson {
  const valueJson = (value: Explanation['sections'][number]['values'][number]): ValueJson => ({
    ...value,
    meaning: t(value.meaning),
  });
  return {
    sections: explanation.sections.map((section) => ({
      ...section,
      title: t(section.title),
      values: section.values.map(valueJson),
      rows: section.rows.map((row) => ({
        ...row,
        summary: t(row.summary),
        values: row.values.map(valueJson),
      })),
    })),
    conclusions: explanation.conclusions.map((one) => ({
      ...one,
      text: t(one.text),
      next: one.next === null ? null : t(one.next),
      commands: one.commands.map(({ command, meaning, changes }) => ({
        command,
        meaning: t(meaning),
        changes,
      })),
    })),
    notUnderstood: explanation.notUnderstood,
  };
}
