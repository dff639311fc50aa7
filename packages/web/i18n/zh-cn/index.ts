/** Labels of the console in Simplified Chinese. */
import type { Messages } from '../en/index.ts';
import { chrony } from './chrony.ts';
import { explain } from './explain.ts';
import { node } from './node.ts';
import { nodes } from './nodes.ts';
import { overview } from './overview.ts';
import { shell } from './shell.ts';
import { values } from './values.ts';

export const zhCN: Messages = { ...shell, ...values, ...nodes, ...overview, ...node, ...chrony, ...explain };
