import { languages } from '@clockwarden/core/text';
import IconButton from '@mui/material/IconButton';
import Popover from '@mui/material/Popover';
import { useColorScheme } from '@mui/material/styles';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { setLanguage, useLanguage } from '../i18n/index.ts';
import { useLive } from '../live/index.tsx';
import { browserZone, useZone, zoneChoices } from '../values/zone.tsx';
import { Choice } from './choice.tsx';
import { SettingsIcon } from './icons.tsx';
import { LogoutButton } from './logout-button.tsx';
import styles from './settings-menu.module.css';
import { setShortcutsEnabled, shortcutsEnabled } from './shortcut-keys.ts';

const languageNames = { en: 'English', 'zh-CN': '简体中文' } as const;
const themes = ['system', 'light', 'dark'] as const;

export function SettingsMenu() {
  const { t } = useTranslation();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  return (
    <>
      <IconButton
        aria-label={t('settings.title')}
        aria-haspopup="dialog"
        aria-expanded={anchor !== null}
        onClick={(event) => setAnchor(event.currentTarget)}
      >
        <SettingsIcon />
      </IconButton>
      <Popover
        open={anchor !== null}
        anchorEl={anchor}
        onClose={() => setAnchor(null)}
        anchorOrigin={{ vertical: 'bottom', horizontal: 'right' }}
        transformOrigin={{ vertical: 'top', horizontal: 'right' }}
        transitionDuration={0}
        slotProps={{ paper: { role: 'dialog', 'aria-label': t('settings.title') } }}
      >
        <Settings />
      </Popover>
    </>
  );
}

function Settings() {
  const { t } = useTranslation();
  const language = useLanguage();
  const { mode, setMode } = useColorScheme();
  const { choice, choose } = useZone();
  const clusterZone = useLive((state) => state.cluster?.timezonePolicy ?? null);
  const [keys, setKeys] = useState(shortcutsEnabled);
  const zoneNames = {
    browser: t('settings.zoneBrowser', { zone: browserZone() }),
    cluster: t('settings.zoneCluster', { zone: clusterZone ?? '—' }),
    UTC: 'UTC',
  };
  return (
    <div className={styles.settings}>
      <Choice
        legend={t('settings.language')}
        value={language}
        options={languages.map((one) => ({ value: one, label: languageNames[one] }))}
        onChoose={setLanguage}
      />
      <Choice
        legend={t('settings.theme')}
        value={mode ?? 'system'}
        options={themes.map((one) => ({ value: one, label: t(`settings.themes.${one}`) }))}
        onChoose={setMode}
      />
      <Choice
        legend={t('settings.zone')}
        value={choice}
        options={zoneChoices
          .filter((one) => one !== 'cluster' || clusterZone !== null)
          .map((one) => ({ value: one, label: zoneNames[one] }))}
        onChoose={choose}
      />
      <label className={styles.switch}>
        <input
          type="checkbox"
          checked={keys}
          onChange={(event) => {
            setShortcutsEnabled(event.target.checked);
            setKeys(event.target.checked);
          }}
        />
        {t('settings.keys')}
      </label>
      <LogoutButton />
    </div>
  );
}
