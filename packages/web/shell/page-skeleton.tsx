import { useTranslation } from 'react-i18next';

export function PageSkeleton() {
  const { t } = useTranslation();
  return <p>{t('loading.page')}</p>;
}
