import Button from '@mui/material/Button';
import TextField from '@mui/material/TextField';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSay } from '../i18n/index.ts';
import { ApiError, getSession, logIn } from '../live/api.ts';
import styles from './login.module.css';

/** Stands in the place of the page that was asked for: after the login that page is there, its address unchanged. */
export function Login() {
  const { t } = useTranslation();
  const say = useSay();
  const session = useQuery({ queryKey: ['session'], queryFn: getSession, staleTime: 0 });
  const [secret, setSecret] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const method = session.data?.method === 'password' ? 'password' : 'token';

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      const state = await logIn(secret);
      if (state.authenticated) window.location.reload();
      else setProblem(t('login.refused'));
    } catch (error) {
      const words = error instanceof ApiError ? error.words : null;
      const fallback =
        error instanceof ApiError && error.status === 429 ? t('login.tooOften') : t('login.refused');
      setProblem(words === null ? fallback : say(words));
    } finally {
      setBusy(false);
    }
  };

  return (
    <form className={styles.login} onSubmit={(event) => void submit(event)}>
      <h1>{t('login.title')}</h1>
      <p>{t(method === 'password' ? 'login.aboutPassword' : 'login.aboutToken')}</p>
      <TextField
        type="password"
        name="secret"
        label={t(method === 'password' ? 'login.password' : 'login.token')}
        value={secret}
        onChange={(event) => setSecret(event.target.value)}
        autoComplete="current-password"
        autoFocus
        required
        fullWidth
        error={problem !== null}
        helperText={problem ?? ' '}
        slotProps={{ formHelperText: { role: 'alert' }, inputLabel: { required: false } }}
      />
      <Button type="submit" variant="contained" color="primary" size="medium" disabled={busy}>
        {t(busy ? 'login.busy' : 'login.submit')}
      </Button>
    </form>
  );
}
