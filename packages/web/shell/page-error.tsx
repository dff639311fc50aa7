import Button from '@mui/material/Button';
import { useTranslation } from 'react-i18next';
import { useRouteError } from 'react-router';
import { Notice } from './notice.tsx';

/** A defect of the console, or a part of it that did not load. Everything else has a designed state of its own. */
export function PageError() {
  const { t } = useTranslation();
  const error = useRouteError();
  return (
    <Notice title={t('pageError.title')}>
      <p>{t('pageError.about')}</p>
      <pre>{error instanceof Error ? error.message : String(error)}</pre>
      <p>
        <Button variant="outlined" onClick={() => window.location.reload()}>
          {t('pageError.reload')}
        </Button>
      </p>
    </Notice>
  );
}
