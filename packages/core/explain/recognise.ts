/** A paste → the outputs in it. Line by line, so that half an output, several in one paste and text between them do no harm. */
import {
  type ActivityPart,
  activityOf,
  chronycError,
  isSelectDataHeading,
  isSourceStatsHeading,
  isSourcesHeading,
  readActivityCsv,
  readActivityLine,
  readNtpDataCsv,
  readSelectDataCsv,
  readSelectDataRow,
  readServerStatsCsv,
  readSourceCsv,
  readSourceRow,
  readSourceStatsCsv,
  readSourceStatsRow,
  readTrackingCsv,
} from '../chrony/index.ts';
import { isPeersHeading, readNtpdateConclusion, readNtpdateLine, readPeerRow } from '../ntpq/index.ts';
import { outputLines } from '../output/index.ts';
import { commandOf, isDecoration } from './decoration.ts';
import type { PastedFacts } from './facts.ts';
import { type LabelledOutput, labelledOutputFor, readLabelled } from './labelled-output.ts';

/** Facts of one output, and the lines where it stood. */
export interface Recognised {
  readonly facts: Partial<PastedFacts>;
  readonly first: number;
  readonly last: number;
}

export interface Recognition {
  readonly outputs: readonly Recognised[];
  readonly notUnderstood: readonly { readonly line: number; readonly text: string }[];
}

type RowKind = 'sources' | 'sourceStats' | 'selectData' | 'ntpData' | 'peers' | 'ntpdate' | 'activity';

interface RowsBlock {
  readonly type: 'rows';
  readonly kind: RowKind;
  readonly rows: unknown[];
}

interface LabelsBlock {
  readonly type: 'labels';
  readonly output: LabelledOutput;
  readonly values: Map<string, string>;
}

interface WholeBlock {
  readonly type: 'whole';
  readonly facts: Partial<PastedFacts>;
}

type Block = (RowsBlock | LabelsBlock | WholeBlock) & { readonly first: number; readonly lines: number[] };

const rowReaders: readonly (readonly [RowKind, (line: string) => unknown])[] = [
  ['sources', (line) => readSourceRow(line) ?? readSourceCsv(line)],
  ['selectData', (line) => readSelectDataRow(line) ?? readSelectDataCsv(line)],
  ['sourceStats', (line) => readSourceStatsRow(line) ?? readSourceStatsCsv(line)],
  ['ntpData', readNtpDataCsv],
  ['activity', readActivityLine],
  ['ntpdate', (line) => readNtpdateLine(line) ?? readNtpdateConclusion(line)],
];

const headings: readonly (readonly [RowKind, (line: string) => boolean])[] = [
  ['sources', isSourcesHeading],
  ['sourceStats', isSourceStatsHeading],
  ['selectData', isSelectDataHeading],
  ['peers', isPeersHeading],
];

export function recognise(text: string): Recognition {
  const lines = outputLines(text);
  const blocks: Block[] = [];
  const unknown: number[] = [];
  let current: Block | null = null;
  let command = '';
  let peerIndent = 0;

  const extend = (
    wanted: Block | null,
    make: () => RowsBlock | LabelsBlock | WholeBlock,
    at: number,
  ): Block => {
    if (wanted !== null) {
      wanted.lines.push(at);
      return wanted;
    }
    const block = { ...make(), first: at, lines: [at] };
    blocks.push(block);
    return block;
  };
  const inRows = (kind: RowKind, at: number, row: unknown): void => {
    const same = current?.type === 'rows' && current.kind === kind ? current : null;
    current = extend(same, () => ({ type: 'rows', kind, rows: [] }), at);
    if (current.type === 'rows' && row !== null) current.rows.push(row);
  };

  lines.forEach((line, at) => {
    const trimmed = line.trim();
    if (trimmed === '') return;
    const typed = commandOf(trimmed);
    if (typed !== null) {
      command = typed;
      current = null;
      return;
    }
    const heading = headings.find(([, is]) => is(trimmed))?.[0];
    if (heading !== undefined) {
      if (heading === 'peers') peerIndent = Math.max(0, line.indexOf('remote') - 5);
      current = null;
      inRows(heading, at, null);
      return;
    }
    const whole = readWhole(trimmed, command);
    if (whole !== null) {
      current = extend(null, () => ({ type: 'whole', facts: whole }), at);
      return;
    }
    for (const [kind, read] of rowReaders) {
      const row = read(trimmed);
      if (row === null) continue;
      inRows(kind, at, row);
      return;
    }
    const peer = readPeerRow(line.slice(peerIndent)) ?? readPeerRow(trimmed);
    if (peer !== null) {
      inRows('peers', at, peer);
      return;
    }
    if (isDecoration(trimmed)) return;
    const found = readLabelled(trimmed);
    const open = current?.type === 'labels' ? current : null;
    if (found !== null && open?.output.labels.has(found.label) && !open.values.has(found.label)) {
      open.lines.push(at);
      open.values.set(found.label, found.value);
      return;
    }
    if (open?.output.continues?.(trimmed)) {
      open.lines.push(at);
      return;
    }
    const output = found === null ? null : labelledOutputFor(found.label);
    if (found !== null && output !== null) {
      const values = new Map([[found.label, found.value]]);
      current = extend(null, () => ({ type: 'labels', output, values }), at);
      return;
    }
    unknown.push(at);
  });
  return settle(blocks, unknown, lines);
}

/** Outputs of a single line. Five or eight whole numbers are activity or serverstats: the command before them tells. */
function readWhole(line: string, command: string): Partial<PastedFacts> | null {
  const error = chronycError(line);
  if (error !== null) return { chronyError: error };
  const tracking = readTrackingCsv(line);
  if (tracking !== null) return { tracking };
  const activity = command.includes('serverstats') ? null : readActivityCsv(line);
  if (activity !== null) return { activity };
  const serverStats = readServerStatsCsv(line);
  return serverStats === null ? null : { serverStats };
}

/** Blocks that turned out to be nothing give their lines back. */
function settle(blocks: readonly Block[], unknown: number[], lines: readonly string[]): Recognition {
  const outputs: Recognised[] = [];
  for (const block of blocks) {
    const facts = factsOf(block);
    const last = block.lines.at(-1) ?? block.first;
    const before = outputs.at(-1);
    if (facts === null) unknown.push(...block.lines);
    else if (facts.ntpData != null && before?.facts.ntpData != null) {
      // ntpdata prints a block for each source.
      const ntpData = [...before.facts.ntpData, ...facts.ntpData];
      outputs[outputs.length - 1] = { ...before, facts: { ntpData }, last: last + 1 };
    } else outputs.push({ facts, first: block.first + 1, last: last + 1 });
  }
  return {
    outputs,
    notUnderstood: unknown.sort((a, b) => a - b).map((at) => ({ line: at + 1, text: lines[at] ?? '' })),
  };
}

function factsOf(block: Block): Partial<PastedFacts> | null {
  switch (block.type) {
    case 'whole':
      return block.facts;
    case 'labels':
      return block.output.read(block.values);
    case 'rows':
      return rowFacts(block.kind, block.rows);
  }
}

/** The rows were read by the reader of their kind, so their type is that of the kind. */
function rowFacts(kind: RowKind, rows: readonly unknown[]): Partial<PastedFacts> | null {
  if (kind === 'activity') {
    const counts = new Map(
      (rows as readonly { part: ActivityPart; count: number }[]).map(({ part, count }) => [part, count]),
    );
    return { activity: activityOf(counts) ?? Object.fromEntries(counts) };
  }
  if (kind === 'ntpdate') {
    const conclusion = rows.find((row) => typeof row === 'string') ?? null;
    return {
      ntpdate: { servers: rows.filter((row) => typeof row !== 'string'), conclusion },
    } as Partial<PastedFacts>;
  }
  return { [kind]: rows } as Partial<PastedFacts>;
}
