import type { ClusterHeader, NodeHistory } from '@clockwarden/api/console';
import { formatDuration, formatSeconds } from '@clockwarden/core/text';
import Button from '@mui/material/Button';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type ComponentProps, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';
import type { AxisZone } from '../../charts/axes.ts';
import { SeriesChart } from '../../charts/series-chart.tsx';
import { useTokens } from '../../charts/tokens.ts';
import { getHistory } from '../../live/api.ts';
import type { LiveRow } from '../../live/index.tsx';
import { useNow } from '../../live/now.ts';
import { Choice } from '../../shell/choice.tsx';
import { Panel } from '../../shell/panel.tsx';
import { Moment } from '../../values/moment.tsx';
import { offsetsWithin, utcOffsetText } from '../../values/time-text.ts';
import { useZone } from '../../values/zone.tsx';
import { frequencyOptions, type HistoryView, offsetOptions, reachOptions } from './charts.ts';
import { extentOf, type HistoryColumns, historyColumns } from './columns.ts';
import styles from './history-panel.module.css';
import {
  boundsOf,
  type HistoryRange,
  parseHistoryRange,
  type Span,
  spanNames,
  withHistoryRange,
} from './range.ts';
import { Readout } from './readout.tsx';

const POINTS = 1_500;
const EMPTY_AGAIN_MS = 5_000;

interface HistoryPanelProps {
  readonly name: string;
  readonly role: LiveRow['role'];
  readonly limits: ClusterHeader['limits'];
}

export function HistoryPanel({ name, role, limits }: HistoryPanelProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [params, setParams] = useSearchParams();
  const range = useMemo(() => parseHistoryRange(params), [params]);
  const history = useHistory(name, range);
  const set = (next: HistoryRange): void =>
    setParams(withHistoryRange(params, next), {
      preventScrollReset: true,
      state: { zoomed: next.kind === 'fixed' },
    });
  return (
    <Panel
      title={t('history.title')}
      about={t('history.about')}
      actions={
        <>
          {range.kind === 'fixed' && (
            <Button variant="outlined" onClick={() => void navigate(-1)}>
              {t('history.back')}
            </Button>
          )}
          <Choice<Span | 'fixed'>
            legend={t('history.range')}
            quiet
            value={range.kind === 'span' ? range.span : 'fixed'}
            options={spanNames.map((span) => ({ value: span, label: t(`history.spans.${span}`) }))}
            onChoose={(span) => span !== 'fixed' && set({ kind: 'span', span })}
          />
        </>
      }
    >
      {history.data === undefined ? (
        <p className={styles.empty}>{t(history.isError ? 'history.failed' : 'loading.part')}</p>
      ) : history.data.at.length === 0 ? (
        <p className={styles.empty}>{t('history.empty')}</p>
      ) : (
        <Charts
          history={history.data}
          role={role}
          limits={limits}
          onZoom={(from, to) => set({ kind: 'fixed', from, to })}
          onBack={() => range.kind === 'fixed' && void navigate(-1)}
        />
      )}
    </Panel>
  );
}

/** A span that ends now is asked for again as it moves on: a thousandth of it at a time is what a screen can show. */
function useHistory(name: string, range: HistoryRange) {
  useNow();
  const now = Date.now() / 1_000;
  const every =
    range.kind === 'fixed' ? 0 : Math.max(5, (boundsOf(range, now).to - boundsOf(range, now).from) / 500);
  const turn = every === 0 ? 0 : Math.floor(now / every);
  return useQuery({
    queryKey: ['history', name, range, turn],
    queryFn: () => getHistory(name, boundsOf(range, Date.now() / 1_000), POINTS),
    placeholderData: keepPreviousData,
    // The first readings are a moment away; a month's picture would wait an hour and a half for its turn.
    refetchInterval: ({ state }) =>
      range.kind === 'span' && state.data?.at.length === 0 ? EMPTY_AGAIN_MS : false,
    gcTime: 30_000,
  });
}

const emptyView: HistoryView = { from: 0, to: 1, extent: null, limits: [], steps: [] };

interface ChartsProps {
  readonly history: NodeHistory;
  readonly role: LiveRow['role'];
  readonly limits: ClusterHeader['limits'];
  readonly onZoom: (from: number, to: number) => void;
  readonly onBack: () => void;
}

function Charts({ history, role, limits, onZoom, onBack }: ChartsProps) {
  const { t } = useTranslation();
  const tokens = useTokens();
  const { zone, rowName, offsets } = useAxisZone(history);
  const columns = useMemo(() => historyColumns(history), [history]);
  const extent = useMemo(() => extentOf(columns), [columns]);
  const roleLimit = limits.roleSeconds[role] ?? limits.medianWarningSeconds;
  const view = useRef<HistoryView | null>(null);
  const shown: HistoryView = {
    from: history.from,
    to: history.to,
    extent,
    limits: [
      { seconds: roleLimit, severity: 'warning' },
      { seconds: limits.medianCriticalSeconds, severity: 'critical' },
    ],
    steps: history.steps.map((step) => Date.parse(step.at) / 1_000),
  };
  view.current = shown;
  const options = useMemo(() => {
    const look = { tokens, time: { zone, rowName } };
    const current = (): HistoryView => view.current ?? emptyView;
    return {
      offset: offsetOptions(look, current),
      frequency: frequencyOptions(look, current),
      reach: reachOptions(look, current),
    };
  }, [tokens, zone, rowName]);
  const [pointed, setPointed] = useState<number | null>(null);
  const handling = { onZoom, onBack, onPoint: setPointed };
  const offScale = extent !== null && extent.high < roleLimit && extent.low > -roleLimit;
  return (
    <div className={styles.charts}>
      <Readout columns={columns} index={pointed} />
      <h3>
        {t('history.offset')}
        {offScale && <span>{t('history.limitOffScale', { limit: formatDuration(roleLimit) })}</span>}
      </h3>
      <SeriesChart
        options={options.offset}
        data={useMemo(() => [columns.at, columns.low, columns.high, columns.mean], [columns])}
        height={260}
        label={offsetLabel(columns, t('history.offset'))}
        {...handling}
      />
      <Series
        columns={columns}
        part="frequencyPpm"
        title={t('history.frequency')}
        options={options.frequency}
        height={130}
        handling={handling}
      />
      <Series
        columns={columns}
        part="answered"
        title={t('history.reach')}
        options={options.reach}
        height={96}
        handling={handling}
      />
      {rowName !== null && <p className={styles.note}>{t('history.axis', { zone, offsets })}</p>}
      <p className={styles.note}>
        <Moment at={new Date(history.from * 1_000).toISOString()} /> …{' '}
        <Moment at={new Date(history.to * 1_000).toISOString()} /> ·{' '}
        {history.resolutionSeconds === 0
          ? t('history.raw')
          : t('history.rollup', { step: formatDuration(history.resolutionSeconds) })}
      </p>
    </div>
  );
}

function Series({
  columns,
  part,
  title,
  options,
  height,
  handling,
}: {
  readonly columns: HistoryColumns;
  readonly part: 'frequencyPpm' | 'answered';
  readonly title: string;
  readonly options: ReturnType<typeof frequencyOptions>;
  readonly height: number;
  readonly handling: Pick<ComponentProps<typeof SeriesChart>, 'onZoom' | 'onBack' | 'onPoint'>;
}) {
  const values = columns[part];
  const data = useMemo((): [number[], (number | null)[]] => [columns.at, values], [columns, values]);
  if (values.every((value) => value === null)) return null;
  return (
    <>
      <h3>{title}</h3>
      <SeriesChart options={options} data={data} height={height} label={title} {...handling} />
    </>
  );
}

/** The zone of the time axis, and its offsets from UTC while the history lasts: several where its clocks are set. */
function useAxisZone({ from, to }: NodeHistory): AxisZone & { readonly offsets: string } {
  const { zone } = useZone();
  return useMemo(() => {
    const offsets = offsetsWithin(from * 1_000, to * 1_000, zone);
    const isUtc = offsets.every((seconds) => seconds === 0);
    const names = offsets.map(utcOffsetText).join(' / ');
    // Short: at the left edge of the picture a label with its date reaches far to the left.
    const rowName = offsets.length > 1 ? '' : names.replace('UTC', '');
    return { zone, rowName: isUtc ? null : rowName, offsets: names };
  }, [from, to, zone]);
}

/** What the picture says at a glance, for those who do not see it. */
function offsetLabel(columns: HistoryColumns, title: string): string {
  const known = columns.mean.filter((value) => value !== null);
  if (known.length === 0) return title;
  const signed = (value: number): string => formatSeconds(value, { signed: true });
  const low = known.reduce((a, b) => Math.min(a, b));
  const high = known.reduce((a, b) => Math.max(a, b));
  return `${title}: ${signed(low)} … ${signed(high)}; ${signed(known.at(-1) ?? 0)}`;
}
