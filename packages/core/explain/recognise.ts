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

/** How far a paste has been read. */
interface Progress {
  readonly blocks: Block[];
  readonly unknown: number[];
  /** The block that the next line may continue. */
  current: Block | null;
  /** The last command that was typed in the paste. */
  command: string;
  /** Columns by which the table of ntpq is indented: its first column is a mark that may be blank. */
  peerIndent: number;
}

export function recognise(text: string): Recognition {
  const lines = outputLines(text);
  const progress: Progress = { blocks: [], unknown: [], current: null, command: '', peerIndent: 0 };
  lines.forEach((line, at) => {
    const trimmed = line.trim();
    const understood =
      trimmed === '' ||
      takeCommand(progress, trimmed) ||
      takeHeading(progress, line, at) ||
      takeRow(progress, line, at) ||
      isDecoration(trimmed) ||
      takeLabel(progress, trimmed, at);
    if (!understood) progress.unknown.push(at);
  });
  return settle(progress.blocks, progress.unknown, lines);
}

function open(progress: Progress, block: RowsBlock | LabelsBlock | WholeBlock, at: number): void {
  progress.current = { ...block, first: at, lines: [at] };
  progress.blocks.push(progress.current);
}

function takeCommand(progress: Progress, trimmed: string): boolean {
  const typed = commandOf(trimmed);
  if (typed === null) return false;
  progress.command = typed;
  progress.current = null;
  return true;
}

function takeHeading(progress: Progress, line: string, at: number): boolean {
  const kind = headings.find(([, is]) => is(line.trim()))?.[0];
  if (kind === undefined) return false;
  if (kind === 'peers') progress.peerIndent = Math.max(0, line.indexOf('remote') - 5);
  open(progress, { type: 'rows', kind, rows: [] }, at);
  return true;
}

function takeRow(progress: Progress, line: string, at: number): boolean {
  const trimmed = line.trim();
  const whole = readWhole(trimmed, progress.command);
  if (whole !== null) {
    open(progress, { type: 'whole', facts: whole }, at);
    return true;
  }
  for (const [kind, read] of rowReaders) {
    const row = read(trimmed);
    if (row !== null) return putRow(progress, kind, row, at);
  }
  const peer = readPeerRow(line.slice(progress.peerIndent)) ?? readPeerRow(trimmed);
  return peer !== null && putRow(progress, 'peers', peer, at);
}

function putRow(progress: Progress, kind: RowKind, row: unknown, at: number): true {
  const { current } = progress;
  if (current?.type === 'rows' && current.kind === kind) {
    current.lines.push(at);
    current.rows.push(row);
  } else open(progress, { type: 'rows', kind, rows: [row] }, at);
  return true;
}

function takeLabel(progress: Progress, trimmed: string, at: number): boolean {
  const found = readLabelled(trimmed);
  const block = progress.current?.type === 'labels' ? progress.current : null;
  if (found !== null && block?.output.labels.has(found.label) && !block.values.has(found.label)) {
    block.lines.push(at);
    block.values.set(found.label, found.value);
    return true;
  }
  if (block?.output.continues?.(trimmed)) {
    block.lines.push(at);
    return true;
  }
  const output = found === null ? null : labelledOutputFor(found.label);
  if (found === null || output === null) return false;
  open(progress, { type: 'labels', output, values: new Map([[found.label, found.value]]) }, at);
  return true;
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
