import type { HostState } from '../observe/index.ts';

/** os-release(5): assignments as a shell would read them, double or single quotes or none. */
function parseOsRelease(content: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const line of content.split('\n')) {
    const assignment = /^\s*([A-Z][A-Z0-9_]*)=(.*)$/.exec(line);
    if (assignment?.[1] === undefined) continue;
    values.set(assignment[1], unquoted((assignment[2] ?? '').trim()));
  }
  return values;
}

function unquoted(value: string): string {
  const quote = value[0];
  if (quote === "'" && value.length > 1 && value.endsWith(quote)) return value.slice(1, -1);
  if (quote === '"' && value.length > 1 && value.endsWith(quote)) {
    return value.slice(1, -1).replace(/\\(["$`\\])/g, '$1');
  }
  return value;
}

export interface HostEvidence {
  /** Content of /etc/os-release; null when there is none. */
  readonly osRelease: string | null;
  /** /proc/sys/kernel/osrelease. */
  readonly kernel: string | null;
  /** /proc/uptime. */
  readonly uptime: string | null;
  /** The node's own clock when the uptime was read, in seconds since 1970. */
  readonly nodeTimeSeconds: number | null;
  /** Output of {@link askChronyVersion}; null: there is no chrony. */
  readonly chronyVersion: string | null;
}

/** The client asks nobody for it, and comes with its daemon in one package. */
export const askChronyVersion = ['chronyc', '-v'] as const;

export function hostOf(evidence: HostEvidence): HostState {
  const os = parseOsRelease(evidence.osRelease ?? '');
  const names = [os.get('ID'), os.get('ID_LIKE')].filter((name) => name !== undefined && name !== '');
  const uptime = parseUptime(evidence.uptime);
  return {
    os: names.length === 0 ? null : names.join(' '),
    osName: os.get('PRETTY_NAME') ?? null,
    kernel: evidence.kernel,
    bootTimeSeconds:
      evidence.nodeTimeSeconds === null || uptime === null
        ? null
        : Math.round(evidence.nodeTimeSeconds - uptime),
    chronyVersion:
      /^chronyc \(chrony\) version (\d{1,3}(?:\.\d{1,3}){1,2})/.exec(evidence.chronyVersion ?? '')?.[1] ??
      null,
  };
}

/** Seconds since boot, suspended time included (CLOCK_BOOTTIME), from /proc/uptime. */
function parseUptime(line: string | null): number | null {
  const seconds = /^(\d{1,12}\.\d\d)(?: |$)/.exec(line ?? '')?.[1];
  return seconds === undefined ? null : Number(seconds);
}
