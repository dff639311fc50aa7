import { useTranslation } from 'react-i18next';
import { Command, Notice } from './notice.tsx';

/** A configuration without nodes: the next step, ready to copy. */
export function NoNodes() {
  const { t } = useTranslation();
  return (
    <Notice title={t('empty.title')}>
      <p>{t('empty.about')}</p>
      <p>
        <Command command="clockwarden init --inventory hosts" what={t('copy.command')} />
      </p>
      <p>{t('empty.next')}</p>
      <p>
        <Command command="clockwarden serve --config clockwarden.yaml" what={t('copy.command')} />
      </p>
    </Notice>
  );
}
