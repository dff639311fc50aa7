import type { Importance } from '@clockwarden/core/explain';
import { useTranslation } from 'react-i18next';
import { StatusShape } from '../status/status-mark.tsx';

const shapes = { good: 'ok', attention: 'warning', problem: 'critical' } as const;

/** How much something matters, as a shape; what is merely so has none. */
export function ImportanceShape({ importance }: { readonly importance: Importance }) {
  const { t } = useTranslation();
  if (importance === 'plain') return null;
  return (
    <>
      <StatusShape status={shapes[importance]} />
      <span className="visually-hidden">{t(`explain.importance.${importance}`)}: </span>
    </>
  );
}
