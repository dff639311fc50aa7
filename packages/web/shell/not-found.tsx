import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'react-router';
import { Notice } from './notice.tsx';

export function NotFound() {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  return (
    <Notice title={t('notFound.title')}>
      <p>
        <code>{pathname}</code> {t('notFound.about')}
      </p>
      <p>
        <Link to="/">{t('shell.overview')}</Link> · <Link to="/nodes">{t('shell.nodes')}</Link>
      </p>
    </Notice>
  );
}
