import { useTranslation } from 'react-i18next';
import { NavLink, Outlet, ScrollRestoration } from 'react-router';
import { useLive } from '../live/index.tsx';
import { ZoneProvider } from '../values/zone.tsx';
import { Banners } from './banners.tsx';
import { ConnectionSign } from './connection-sign.tsx';
import styles from './layout.module.css';
import { Login } from './login.tsx';
import { SettingsMenu } from './settings-menu.tsx';
import { Shortcuts } from './shortcuts.tsx';
import { StatusLine } from './status-line.tsx';

export function Layout() {
  const { t } = useTranslation();
  const cluster = useLive((state) => state.cluster);
  const problem = useLive((state) => state.problem);
  const locked = problem === 'unauthenticated';
  return (
    <ZoneProvider clusterZone={cluster?.timezonePolicy ?? null}>
      <a className={styles.skip} href="#content">
        {t('shell.skip')}
      </a>
      <header className={styles.header}>
        <NavLink to="/" className={styles.brand ?? ''} aria-label={t('shell.home')}>
          <img src="/favicon.svg" alt="" width="24" height="24" />
          <span>Clockwarden</span>
        </NavLink>
        {cluster !== null && !locked && <span className={styles.cluster}>{cluster.cluster}</span>}
        {!locked && (
          <nav className={styles.nav} aria-label={t('shell.navigation')}>
            <NavLink to="/" end>
              {t('shell.overview')}
            </NavLink>
            <NavLink to="/nodes">{t('shell.nodes')}</NavLink>
            <NavLink to="/explain">{t('shell.explain')}</NavLink>
          </nav>
        )}
        <div className={styles.tools}>
          {!locked && <ConnectionSign />}
          <SettingsMenu />
        </div>
      </header>
      {locked ? (
        <main id="content" className={styles.main} tabIndex={-1}>
          <Login />
        </main>
      ) : (
        <>
          <Banners />
          <main id="content" className={styles.main} tabIndex={-1}>
            <Outlet />
          </main>
          <StatusLine />
          <Shortcuts />
        </>
      )}
      <ScrollRestoration />
    </ZoneProvider>
  );
}
