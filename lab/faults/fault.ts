import type { LabNode, Upstream } from '../cluster/plan.ts';
import type { LabState } from '../cluster/state.ts';

export interface Setting {
  readonly summary: string;
  /** Absent: the setting must be given. */
  readonly standard?: string;
}

interface Scene {
  readonly state: LabState;
  /** Every setting of the fault, as given or as standard. */
  readonly settings: Readonly<Record<string, string>>;
}

export interface NodeScene extends Scene {
  readonly node: LabNode;
  /** Runs a shell script on the node; a failure is a LabProblem. Returns its output. */
  readonly onNode: (script: string) => Promise<string>;
}

export interface UpstreamScene extends Scene {
  readonly upstream: Upstream;
}

interface Common {
  readonly name: string;
  readonly summary: string;
  readonly settings: Readonly<Record<string, Setting>>;
}

/** A fault of a node. `apply` returns what `undo` will need, as text; `undo` may run in another process, days later. */
export interface NodeFault extends Common {
  readonly target: 'node';
  readonly apply: (scene: NodeScene) => Promise<string>;
  readonly undo: (scene: NodeScene, memory: string) => Promise<void>;
}

/** A fault of an NTP server outside the cluster. */
export interface UpstreamFault extends Common {
  readonly target: 'upstream';
  readonly apply: (scene: UpstreamScene) => Promise<string>;
  readonly undo: (scene: UpstreamScene, memory: string) => Promise<void>;
}

export type Fault = NodeFault | UpstreamFault;

/** Text as one word of a shell script, whatever it contains. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
