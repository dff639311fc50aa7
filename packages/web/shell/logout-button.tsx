import Button from '@mui/material/Button';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { getSession, logOut } from '../live/api.ts';

/** Only where there is a session to end. */
export function LogoutButton() {
  const { t } = useTranslation();
  const session = useQuery({ queryKey: ['session'], queryFn: getSession });
  if (session.data?.required !== true || !session.data.authenticated) return null;
  const { csrfToken } = session.data;
  return (
    <Button variant="outlined" onClick={() => void logOut(csrfToken).then(() => window.location.reload())}>
      {t('settings.logOut')}
    </Button>
  );
}
