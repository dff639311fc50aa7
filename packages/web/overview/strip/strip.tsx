/** Every node's offset from the median in one picture. */
import type { ClusterHeader } from '@clockwarden/api/console';
import { displayStatuses } from '@clockwarden/core/assess';
import { type PointerEvent, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { type Domain, symlogScale, symmetricDomain } from '../../charts/symlog.ts';
import { useTokens } from '../../charts/tokens.ts';
import { useWidth } from '../../charts/use-width.ts';
import { useSay } from '../../i18n/index.ts';
import type { LiveRow } from '../../live/index.tsx';
import { statusOrder } from '../../status/order.ts';
import { StatusMark } from '../../status/status-mark.tsx';
import { offsetText } from '../../values/offset.tsx';
import { type Bin, binAt, layoutLanes, type Mark, markAt } from './layout.ts';
import { AXIS_HEIGHT, lanesHeight, paintStrip } from './paint.ts';
import styles from './strip.module.css';

interface StripProps {
  readonly rows: readonly LiveRow[];
  readonly cluster: ClusterHeader;
  /** Part of the axis to show; null: all of it. */
  readonly zoom: Domain | null;
  readonly selection: Domain | null;
  readonly onSelect: (range: Domain | null) => void;
  readonly onReset: () => void;
  /** In words, for those who do not see the picture. */
  readonly summary: string;
}

/** A drag shorter than this is a click. */
const CLICK_PX = 5;

export function Strip({ rows, cluster, zoom, selection, onSelect, onReset, summary }: StripProps) {
  const { t } = useTranslation();
  const tokens = useTokens();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [frame, width] = useWidth<HTMLDivElement>();

  const scale = useMemo(
    () => symlogScale(zoom ?? domainOf(rows, cluster), 0, width),
    [zoom, rows, cluster, width],
  );
  const lanes = useMemo(() => layoutLanes(rows, scale, width), [rows, scale, width]);
  const { hover, drag, handlers } = usePointer({ lanes, scale, width, onSelect });
  const height = lanesHeight(lanes) + AXIS_HEIGHT;
  const shownSelection = drag === null ? selection : rangeOf(drag, scale.seconds);

  useEffect(() => {
    const request = requestAnimationFrame(() => {
      const context = canvas.current?.getContext('2d');
      if (!context || width === 0) return;
      const ratio = window.devicePixelRatio || 1;
      context.canvas.width = Math.round(width * ratio);
      context.canvas.height = Math.round(height * ratio);
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      paintStrip(
        context,
        {
          width,
          lanes,
          scale,
          laneNames: lanes.map((lane) => laneName(lane, t)),
          limits: lanes.map((lane) => cluster.limits.roleSeconds[lane.role] ?? Number.POSITIVE_INFINITY),
          warningSeconds: cluster.limits.medianWarningSeconds,
          criticalSeconds: cluster.limits.medianCriticalSeconds,
          medianBand: medianBandOf(cluster),
          selection: shownSelection,
          hovered: hover?.mark?.row.name ?? null,
          behindWord: t('strip.behind'),
          aheadWord: t('strip.ahead'),
        },
        tokens,
      );
    });
    return () => cancelAnimationFrame(request);
  }, [lanes, scale, width, height, cluster, shownSelection, hover, t, tokens]);

  return (
    <div ref={frame} className={styles.frame}>
      <canvas
        ref={canvas}
        role="img"
        aria-label={summary}
        className={hover === null ? styles.canvas : styles.pointing}
        style={{ height }}
        {...handlers}
        onDoubleClick={onReset}
      />
      {hover !== null && drag === null && <HoverCard hover={hover} width={width} />}
    </div>
  );
}

/** What the pointer is over, and the range that it drags. A click opens the node, or zooms into the bin. */
function usePointer({
  lanes,
  scale,
  width,
  onSelect,
}: {
  readonly lanes: ReturnType<typeof layoutLanes>;
  readonly scale: ReturnType<typeof symlogScale>;
  readonly width: number;
  readonly onSelect: StripProps['onSelect'];
}) {
  const navigate = useNavigate();
  const [hover, setHover] = useState<{ mark: Mark | null; bin: Bin | null } | null>(null);
  const [drag, setDrag] = useState<{ from: number; to: number } | null>(null);
  const place = (event: PointerEvent<HTMLCanvasElement>): { x: number; y: number } => {
    const box = event.currentTarget.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const onMove = (event: PointerEvent<HTMLCanvasElement>): void => {
    const { x, y } = place(event);
    if (drag !== null) {
      setDrag({ ...drag, to: Math.min(width, Math.max(0, x)) });
      return;
    }
    const mark = markAt(lanes, x, y);
    const bin = mark === null ? binAt(lanes, x, y) : null;
    setHover(mark === null && bin === null ? null : { mark, bin });
  };
  const onUp = (event: PointerEvent<HTMLCanvasElement>): void => {
    const { x, y } = place(event);
    setDrag(null);
    if (drag !== null && Math.abs(drag.from - x) >= CLICK_PX) {
      onSelect(rangeOf({ from: drag.from, to: Math.min(width, Math.max(0, x)) }, scale.seconds));
      return;
    }
    const mark = markAt(lanes, x, y);
    const bin = binAt(lanes, x, y);
    if (mark !== null) void navigate(`/nodes/${encodeURIComponent(mark.row.name)}`);
    else if (bin !== null) onSelect({ low: scale.seconds(bin.x), high: scale.seconds(bin.x + bin.width) });
    else onSelect(null);
  };
  const handlers = {
    onPointerDown: (event: PointerEvent<HTMLCanvasElement>): void => {
      event.currentTarget.setPointerCapture(event.pointerId);
      const { x } = place(event);
      setDrag({ from: x, to: x });
    },
    onPointerMove: onMove,
    onPointerUp: onUp,
    onPointerCancel: (): void => setDrag(null),
    onPointerLeave: (): void => setHover(null),
  };
  return { hover, drag, handlers };
}

function HoverCard({
  hover: { mark, bin },
  width,
}: {
  readonly hover: { readonly mark: Mark | null; readonly bin: Bin | null };
  readonly width: number;
}) {
  const { t } = useTranslation();
  const say = useSay();
  const x = mark?.x ?? bin?.x ?? 0;
  const style = { left: Math.min(Math.max(0, width - 260), Math.max(0, x - 130)), top: (mark?.y ?? 30) + 14 };
  if (mark !== null && mark.row.offset !== null) {
    return (
      <div className={styles.card} style={style}>
        <strong>{mark.row.name}</strong> <StatusMark status={mark.row.status} say={say} />
        <div>{offsetText(mark.row.offset)}</div>
        {mark.row.worst !== null && <div className={styles.soft}>{say(mark.row.worst.text)}</div>}
      </div>
    );
  }
  if (bin === null) return null;
  const parts = statusOrder.flatMap((status, index) =>
    (bin.counts[index] ?? 0) === 0 ? [] : [`${say(displayStatuses[status])} ${bin.counts[index]}`],
  );
  return (
    <div className={styles.card} style={style}>
      <strong>{t('strip.binNodes', { total: bin.total })}</strong>
      <div className={styles.soft}>{parts.join(' · ')}</div>
    </div>
  );
}

function laneName(
  lane: {
    readonly role: LiveRow['role'];
    readonly placed: number;
    readonly unknown: number;
    readonly outside: number;
  },
  t: ReturnType<typeof useTranslation>['t'],
): string {
  const unknown = lane.unknown === 0 ? '' : ` · ${t('strip.unknown', { total: lane.unknown })}`;
  const outside = lane.outside === 0 ? '' : ` · ${t('strip.outside', { total: lane.outside })}`;
  return `${t(`role.${lane.role}`)} · ${lane.placed}${unknown}${outside}`;
}

/** Wide enough for every whisker and for the limit of every role that is there. */
function domainOf(rows: readonly LiveRow[], cluster: ClusterHeader): Domain {
  const limits = new Set(rows.map((row) => cluster.limits.roleSeconds[row.role] ?? 0));
  const extents = rows.flatMap((row) =>
    row.offset === null ? [] : [Math.max(Math.abs(row.offset.lowSeconds), Math.abs(row.offset.highSeconds))],
  );
  return symmetricDomain(extents, Math.max(0.01, ...limits));
}

function medianBandOf({ median }: ClusterHeader): Domain | null {
  if (median === null) return null;
  return { low: median.lowSeconds - median.offsetSeconds, high: median.highSeconds - median.offsetSeconds };
}

function rangeOf(
  drag: { readonly from: number; readonly to: number },
  seconds: (x: number) => number,
): Domain | null {
  const [left, right] = [Math.min(drag.from, drag.to), Math.max(drag.from, drag.to)];
  return right - left < CLICK_PX ? null : { low: seconds(left), high: seconds(right) };
}
