/** What an expert would type to see who the nodes are and whether they answer, as `init` asks. */
import { expertCommands } from '@clockwarden/core/expert-commands';
import { text } from '@clockwarden/core/text';
import type { NodesFrom } from '../init/compose.ts';
import type { ShownCommand } from './print.ts';
import { quoted } from './words.ts';

/** @param inventory as the person typed it: `from` has it as seen from the file that is written */
export function commandsToFindNodes(from: NodesFrom, inventory: string): readonly ShownCommand[] {
  switch (from.kind) {
    case 'inventory':
      return [
        {
          command: `ansible-inventory -i ${quoted(inventory)} --graph`,
          meaning: text('groups and hosts, as Ansible reads them', 'Ansible 读到的组和主机'),
        },
        {
          command: `ansible all -i ${quoted(inventory)} -f 50 -m raw -a timedatectl`,
          meaning: text(
            'does every host answer, and is its clock synchronized',
            '各主机是否应答，时钟是否已同步',
          ),
        },
      ];
    case 'addresses':
      return from.addresses.map((written) => {
        const [name = written, address = name] = written.split('=', 2);
        return {
          command: `ssh ${quoted(address)} timedatectl`,
          meaning: text(
            `does ${name} answer, and is its clock synchronized`,
            `${name} 是否应答，时钟是否已同步`,
          ),
        };
      });
    case 'this-machine':
      return [...expertCommands(null, null, 'state'), ...expertCommands(null, null, 'configuration')];
  }
}
