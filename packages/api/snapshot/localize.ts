import { type Language, localized, type Text } from '@clockwarden/core/text';
import type { z } from 'zod';
import type { localizedSnapshotSchema, Snapshot } from './schema.ts';

export type LocalizedSnapshot = z.infer<typeof localizedSnapshotSchema>;

/** The snapshot with every text in one language. */
export function localizeSnapshot(snapshot: Snapshot, language: Language): LocalizedSnapshot {
  const say = (words: Text): string => localized(words, language);
  const sayOrNull = (words: Text | null): string | null => (words === null ? null : say(words));
  const reason = (value: Snapshot['reasons'][number]) => ({
    ...value,
    text: say(value.text),
    endangers: sayOrNull(value.endangers),
  });
  return {
    ...snapshot,
    headline: say(snapshot.headline),
    reasons: snapshot.reasons.map(reason),
    nodes: snapshot.nodes.map((node) => ({
      ...node,
      reasons: node.reasons.map(reason),
      sources: node.sources.map((source) => ({
        ...source,
        failure:
          source.failure === null
            ? null
            : { ...source.failure, text: say(source.failure.text), hint: sayOrNull(source.failure.hint) },
      })),
    })),
  };
}
