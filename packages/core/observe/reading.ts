/** One answer, or one failure, of one source about one node. */
import type { Text } from '../text/index.ts';
import type { MonotonicInstant } from '../time/index.ts';
import type { NodeFacts } from './facts.ts';

export const sourceKinds = ['local', 'ntp', 'chrony', 'ssh', 'node-exporter', 'prometheus'] as const;
export type SourceKind = (typeof sourceKinds)[number];

/**
 * - `unreachable`: nothing answered within the deadline, no route, name not found.
 * - `refused`: something answered that it will not (connection refused, ICMP port unreachable, kiss-o'-death DENY, 209 denied).
 * - `unauthorized`: it wants credentials that we lack, or ours are wrong (HTTP 401/403, ssh publickey, unknown host key).
 * - `no-data`: it answered properly and knows nothing of this node's clock (stale series, stratum 0 without time).
 * - `unsupported`: it cannot be asked this (protocol version, missing command, missing collector).
 * - `malformed`: the answer does not parse.
 */
export type FailureCode =
  | 'unreachable'
  | 'refused'
  | 'unauthorized'
  | 'no-data'
  | 'unsupported'
  | 'malformed';

export interface Failure {
  readonly code: FailureCode;
  /** What happened, in a sentence, naming the address. */
  readonly text: Text;
  /** What to do next; a command where there is one. */
  readonly hint?: Text;
}

export function failure(code: FailureCode, text: Text, hint?: Text): Failure {
  return hint === undefined ? { code, text } : { code, text, hint };
}

export interface Reading {
  readonly source: SourceKind;
  /** What was asked, as a person would name it: `10.0.0.5:123`, `ssh root@node3`, `http://node3:9100/metrics`. */
  readonly target: string;
  /** Collector's monotonic clock at the moment the values are true for (midpoint of the exchange). */
  readonly at: MonotonicInstant;
  /** How long the reading took, in seconds. */
  readonly tookSeconds: number;
  readonly result:
    | { readonly ok: true; readonly facts: NodeFacts }
    | { readonly ok: false; readonly failure: Failure };
}
