import { renderToStaticMarkup } from 'react-dom/server';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Moment } from './moment.tsx';
import { ZoneProvider } from './zone.tsx';

/** What a viewer reads who chose the zone of the cluster. */
function seenIn(clusterZone: string, at: string): string {
  vi.stubGlobal('localStorage', { getItem: () => 'cluster' });
  return renderToStaticMarkup(
    <ZoneProvider clusterZone={clusterZone}>
      <Moment at={at} />
    </ZoneProvider>,
  );
}

const words = (markup: string): string => markup.replace(/<[^>]*>/g, '');

afterEach(() => vi.unstubAllGlobals());

describe('a moment', () => {
  it('is told in the viewer’s zone and in UTC, the zone by its name on hover', () => {
    const seen = seenIn('Asia/Shanghai', '2026-03-01T16:30:05Z');
    expect(words(seen)).toBe('2026-03-02 00:30:05 2026-03-01 16:30:05 UTC');
    expect(seen).toContain('title="2026-03-02 00:30:05 Asia/Shanghai = 2026-03-01 16:30:05 UTC"');
  });

  it.each(['UTC', 'Etc/UTC', 'Europe/London'])('is told once where %s has the time of UTC', (zone) => {
    const seen = seenIn(zone, '2026-01-01T16:30:05Z');
    expect(words(seen)).toBe('2026-01-01 16:30:05 UTC');
    expect(seen).toContain('title="2026-01-01 16:30:05 UTC"');
  });

  it('is told twice in the summer of a zone that is UTC in winter', () => {
    expect(words(seenIn('Europe/London', '2025-07-01T12:00:00Z'))).toBe(
      '2025-07-01 13:00:00 2025-07-01 12:00:00 UTC',
    );
  });
});
