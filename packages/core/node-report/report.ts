/** The frame in which a node's script prints: sections between marker lines that no file on the node can forge. */

export interface Section {
  /** Exactly what the command printed. */
  readonly output: string;
  /** Its exit status; 0: it did what was asked, 124: its time was up (timeout(1)), 127: there is no such command. */
  readonly status: number;
}

/** Finished sections by name, as `chronyc -c -n tracking`. A command that was cut off is not there. */
export type Report = ReadonlyMap<string, Section>;

/** More sections than any script prints; a node that prints more is not answering us. */
const MAX_SECTIONS = 64;

/**
 * Takes apart what was printed after the marker was given. Each section is a line `MARKER NAME`, the output, a newline
 * of the frame's own, and a line `MARKER =STATUS`. Text outside of sections is passed over.
 * @param marker unpredictable to whoever wrote the node's files; lines that begin with it are the script's own
 */
export function parseReport(text: string, marker: string): Report {
  const sections = new Map<string, Section>();
  let open: { readonly name: string; readonly output: string } | null = null;
  for (const part of `\n${text}`.split(`\n${marker} `, 2 * MAX_SECTIONS + 1).slice(1)) {
    const end = part.indexOf('\n');
    const head = end < 0 ? part : part.slice(0, end);
    const status = /^=(\d{1,3})$/.exec(head)?.[1];
    if (status === undefined) {
      open = end < 0 ? null : { name: head, output: part.slice(end + 1) };
    } else if (open !== null) {
      if (!sections.has(open.name)) sections.set(open.name, { output: open.output, status: Number(status) });
      open = null;
    }
  }
  return sections;
}

/** Output of a section that ended well; null when it failed, was cut off or was not tried. */
export function outputOf(report: Report, name: string): string | null {
  const section = report.get(name);
  return section?.status === 0 ? section.output : null;
}
