/** Labels of the console in English. Sentences about the cluster come from the server, in both languages. */
import { chrony } from './chrony.ts';
import { explain } from './explain.ts';
import { node } from './node.ts';
import { nodes } from './nodes.ts';
import { overview } from './overview.ts';
import { shell } from './shell.ts';
import { values } from './values.ts';

export const en = { ...shell, ...values, ...nodes, ...overview, ...node, ...chrony, ...explain };

/** The same keys in every language. */
export type Messages = typeof en;
