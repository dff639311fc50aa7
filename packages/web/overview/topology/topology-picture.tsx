import type { Topology } from '@clockwarden/api/console';
import { type DisplayStatus, displayStatus } from '@clockwarden/core/assess';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link as RouterLink } from 'react-router';
import { useWidth } from '../../charts/use-width.ts';
import { rankOf } from '../../status/order.ts';
import { StatusShape } from '../../status/status-mark.tsx';
import { BOX_HEIGHT, BOX_WIDTH, type Box, type Link, layoutTopology } from './layout.ts';
import styles from './topology-picture.module.css';

export function TopologyPicture({ topology }: { readonly topology: Topology }) {
  const { t } = useTranslation();
  const [frame, width] = useWidth<HTMLDivElement>();
  const picture = useMemo(() => layoutTopology(topology, width), [topology, width]);
  return (
    <div>
      <div ref={frame} className={styles.frame} style={{ height: picture.height }}>
        <svg className={styles.links} width={width} height={picture.height} aria-hidden="true">
          {picture.links.map((link) => (
            <path
              key={link.key}
              d={pathOf(link)}
              className={styles[link.state]}
              style={{ strokeWidth: link.answered === null ? 1 : 0.75 + (link.answered / 8) * 2 }}
            />
          ))}
        </svg>
        {picture.rows.map((row) => (
          <span key={row.stratum} className={styles.rowName} style={{ top: row.y }}>
            {row.stratum === 'upstream'
              ? t('topology.upstreams')
              : row.stratum === 'none'
                ? t('topology.none')
                : t('sync.stratum', { stratum: row.stratum })}
          </span>
        ))}
        {picture.boxes.map((box) => (
          <BoxView key={box.id} box={box} />
        ))}
      </div>
      <p className={styles.legend}>
        {(['selected', 'usable', 'rejected'] as const).map((state) => (
          <span key={state}>
            <svg width="28" height="8" aria-hidden="true">
              <path d="M0 4h28" className={styles[state]} style={{ strokeWidth: 2.5 }} />
            </svg>{' '}
            {t(`topology.${state}`)}
          </span>
        ))}
        <span>{t('topology.width')}</span>
      </p>
      <Followers links={picture.links} />
    </div>
  );
}

function pathOf({ from, to }: Link): string {
  const [x1, x2] = [from.x + BOX_WIDTH / 2, to.x + BOX_WIDTH / 2];
  if (Math.abs(from.y - to.y) < BOX_HEIGHT) {
    // Peers of one row: an arc below their boxes.
    const y = Math.max(from.y, to.y) + BOX_HEIGHT;
    return `M${x1} ${y} C${x1} ${y + 28} ${x2} ${y + 28} ${x2} ${y}`;
  }
  const [y1, y2] = from.y > to.y ? [from.y, to.y + BOX_HEIGHT] : [from.y + BOX_HEIGHT, to.y];
  const middle = (y1 + y2) / 2;
  return `M${x1} ${y1} C${x1} ${middle} ${x2} ${middle} ${x2} ${y2}`;
}

function statusOf(box: Box): DisplayStatus | null {
  return box.members.reduce<DisplayStatus | null>((worst, { verdict, reachable }) => {
    if (verdict === null) return worst;
    const status = displayStatus({ verdict, reachable: reachable ?? true });
    return worst === null || rankOf(status) < rankOf(worst) ? status : worst;
  }, null);
}

function BoxView({ box }: { readonly box: Box }) {
  const { t } = useTranslation();
  const first = box.members[0];
  if (first === undefined) return null;
  const status = statusOf(box);
  const place = { left: box.x, top: box.y, width: BOX_WIDTH, height: BOX_HEIGHT };
  const content = (
    <>
      {status !== null && <StatusShape status={status} />}
      <span className={styles.name}>
        {box.members.length === 1 ? first.id : t('topology.group', { total: box.members.length })}
      </span>
    </>
  );
  if (first.kind === 'upstream') {
    return (
      <div className={styles.upstream} style={place} title={first.id}>
        {content}
      </div>
    );
  }
  const to = box.members.length === 1 ? `/nodes/${encodeURIComponent(first.id)}` : '/nodes';
  const names = box.members.slice(0, 8).map((member) => member.id);
  const title = box.members.length > 8 ? `${names.join(', ')}, …` : names.join(', ');
  return (
    <RouterLink to={to} className={styles.box} style={place} title={title}>
      {content}
    </RouterLink>
  );
}

/** The same as the picture, for those who do not see it. */
function Followers({ links }: { readonly links: readonly Link[] }) {
  const { t } = useTranslation();
  const nameOf = (box: Box): string =>
    box.members.length === 1 ? box.id : t('topology.groupOf', { total: box.members.length, name: box.id });
  return (
    <details className={styles.details}>
      <summary>{t('topology.asTable')}</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('topology.follower')}</th>
            <th scope="col">{t('topology.follows')}</th>
            <th scope="col">{t('topology.state')}</th>
            <th scope="col">{t('topology.answered')}</th>
          </tr>
        </thead>
        <tbody>
          {links.slice(0, 300).map((link) => (
            <tr key={link.key}>
              <td>{nameOf(link.from)}</td>
              <td>{nameOf(link.to)}</td>
              <td>{t(`topology.${link.state}`)}</td>
              <td>{link.answered === null ? '—' : `${Number(link.answered.toFixed(1))} / 8`}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
