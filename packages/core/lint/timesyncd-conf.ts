/** timesyncd.conf(5) and its drop-ins as text → assignments. systemd's comments stand on lines of their own. */

interface Assignment {
  readonly section: string | null;
  readonly key: string;
  readonly value: string;
  readonly line: number;
}

export interface TimesyncdConf {
  readonly assignments: readonly Assignment[];
  readonly sections: readonly { readonly name: string; readonly line: number }[];
  /** Lines that are neither. */
  readonly strays: readonly number[];
  readonly lines: readonly string[];
}

export function parseTimesyncdConf(content: string): TimesyncdConf {
  const lines = content.split(/\r?\n/);
  const assignments: Assignment[] = [];
  const sections: { readonly name: string; readonly line: number }[] = [];
  const strays: number[] = [];
  for (const [index, written] of lines.entries()) {
    const text = written.trim();
    const line = index + 1;
    if (text === '' || text.startsWith('#') || text.startsWith(';')) continue;
    const section = /^\[(.*)\]$/.exec(text)?.[1];
    const equals = text.indexOf('=');
    if (section !== undefined) sections.push({ name: section, line });
    else if (equals < 1) strays.push(line);
    else {
      assignments.push({
        section: sections.at(-1)?.name ?? null,
        key: text.slice(0, equals).trim(),
        value: text.slice(equals + 1).trim(),
        line,
      });
    }
  }
  return { assignments, sections, strays, lines };
}

/** Words of a server list. */
export function serversOf(value: string): readonly string[] {
  return value.split(/\s+/).filter((word) => word !== '');
}
