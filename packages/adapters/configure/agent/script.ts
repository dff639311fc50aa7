/**
 * The agent: the same bytes for every node. dash, busybox ash and bash from 4.2 (el7) on. All of it is functions, so that the
 * shell has read it before it runs any: what follows on standard input is the operator's side of the conversation.
 */
import { boot } from './boot.ts';
import { daemons } from './daemons.ts';
import { files } from './files.ts';
import { firewallFunctions } from './firewall.ts';
import { memory } from './memory.ts';
import { packages } from './packages.ts';
import { serve } from './serve.ts';
import { state } from './state.ts';
import { units } from './units.ts';
import { words } from './words.ts';

export const agentScript = `${[words, memory, state, files, daemons, units, packages, firewallFunctions, boot, serve].join('')}
main "$@"
exit
`;
