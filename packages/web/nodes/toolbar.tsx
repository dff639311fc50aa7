import { type DisplayStatus, displayStatuses } from '@clockwarden/core/assess';
import Button from '@mui/material/Button';
import InputAdornment from '@mui/material/InputAdornment';
import TextField from '@mui/material/TextField';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'react-router';
import { useSay } from '../i18n/index.ts';
import { SearchIcon } from '../shell/icons.tsx';
import { SEARCH_ID } from '../shell/shortcuts.tsx';
import { statusOrder } from '../status/order.ts';
import { StatusShape } from '../status/status-mark.tsx';
import { rangeText } from '../values/range.ts';
import { ManyOf } from './many-of.tsx';
import styles from './toolbar.module.css';
import { type FilterChoices, NONE, type NodesView } from './view.ts';

interface ToolbarProps {
  readonly view: NodesView;
  readonly choices: FilterChoices;
  readonly onChange: (change: Partial<NodesView>) => void;
}

export function Toolbar({ view, choices, onChange }: ToolbarProps) {
  const { t } = useTranslation();
  const nameOf = (value: string): string => (value === NONE ? t('filter.notKnown') : value);
  return (
    <search className={styles.toolbar}>
      <SearchField value={view.text} onChange={(text) => onChange({ text })} />
      <StatusFilter view={view} counts={choices.statuses} onChange={onChange} />
      <ManyOf
        label={t('column.role')}
        chosen={view.roles}
        options={choices.roles.map((role) => ({ value: role, label: roleName(role, t) }))}
        onChoose={(roles) => onChange({ roles })}
      />
      <ManyOf
        label={t('column.daemon')}
        chosen={view.daemons}
        options={choices.daemons.map((daemon) => ({ value: daemon, label: nameOf(daemon) }))}
        onChoose={(daemons) => onChange({ daemons })}
      />
      <ManyOf
        label={t('column.timezone')}
        chosen={view.timezones}
        options={choices.timezones.map((zone) => ({ value: zone, label: nameOf(zone) }))}
        onChoose={(timezones) => onChange({ timezones })}
      />
      {view.offset !== null && (
        <Button variant="outlined" onClick={() => onChange({ offset: null })}>
          {rangeText(view.offset)} ✕
        </Button>
      )}
    </search>
  );
}

function roleName(role: string, t: ReturnType<typeof useTranslation>['t']): string {
  return role === 'control-plane' || role === 'etcd' || role === 'worker' || role === 'ntp-server'
    ? t(`role.${role}`)
    : role;
}

function SearchField({
  value,
  onChange,
}: {
  readonly value: string;
  readonly onChange: (text: string) => void;
}) {
  const { t } = useTranslation();
  const field = useRef<HTMLInputElement>(null);
  const { state } = useLocation();
  const wanted = (state as { search?: boolean } | null)?.search === true;
  useEffect(() => {
    if (wanted) field.current?.focus();
  }, [wanted]);
  return (
    <TextField
      className={styles.search ?? ''}
      type="search"
      value={value}
      onChange={(event) => onChange(event.target.value)}
      placeholder={t('nodes.search')}
      slotProps={{
        htmlInput: {
          id: SEARCH_ID,
          'aria-label': t('nodes.search'),
          'aria-keyshortcuts': '/',
          ref: field,
          onKeyDown: (event: { key: string }) => {
            if (event.key === 'Escape') field.current?.blur();
          },
        },
        input: {
          startAdornment: (
            <InputAdornment position="start">
              <SearchIcon />
            </InputAdornment>
          ),
          endAdornment: <kbd className={styles.key}>/</kbd>,
        },
      }}
    />
  );
}

function StatusFilter({
  view,
  counts,
  onChange,
}: {
  readonly view: NodesView;
  readonly counts: ReadonlyMap<string, number>;
  readonly onChange: (change: Partial<NodesView>) => void;
}) {
  const { t } = useTranslation();
  const say = useSay();
  const toggle = (status: DisplayStatus): void => {
    const chosen = view.statuses.includes(status);
    const statuses = statusOrder.filter((one) => (one === status ? !chosen : view.statuses.includes(one)));
    onChange({ statuses });
  };
  return (
    <fieldset className={styles.statuses}>
      <legend className="visually-hidden">{t('filter.status')}</legend>
      {statusOrder.map((status) => (
        <button
          key={status}
          type="button"
          aria-pressed={view.statuses.includes(status)}
          onClick={() => toggle(status)}
        >
          <StatusShape status={status} /> {say(displayStatuses[status])}{' '}
          <span className={styles.count}>{counts.get(status) ?? 0}</span>
        </button>
      ))}
    </fieldset>
  );
}
