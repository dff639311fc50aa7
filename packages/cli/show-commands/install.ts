/** What an expert would type to put rendered files on a node and have its daemon use them. */
import type { RenderedNode, WantedFile } from '@clockwarden/core/configure';
import { expertCommands } from '@clockwarden/core/expert-commands';
import { text } from '@clockwarden/core/text';
import { chronydReads } from './files.ts';
import type { CommandGroup, ShownCommand } from './print.ts';
import { quoted, sshTo } from './words.ts';

/** @param folder where `render --out` writes the tree */
export function commandsToInstall(
  { design: { node, daemon }, files, family }: RenderedNode,
  folder: string,
): CommandGroup {
  const ssh = sshTo(node);
  const host = { os: family, osName: null, kernel: null, bootTimeSeconds: null, chronyVersion: null };
  const onNode = ({ command, meaning }: ShownCommand): ShownCommand => ({
    command: `${ssh} ${quoted(command)}`,
    meaning,
  });
  const restart = expertCommands(host, daemon, 'resync').filter(({ command }) => / restart /.test(command));
  const state = expertCommands(host, daemon, 'state').slice(0, 1);
  return {
    heading: `${node.name} (${node.address})`,
    about: { name: node.name, address: node.address, daemon },
    commands: [
      ...files.flatMap((file) => copy(file, `${folder}/${node.name}${file.path}`, ssh)),
      ...restart.map(onNode),
      ...state.map(onNode),
    ],
  };
}

/** What chronyd reads is shown to chronyd first: one that it does not understand must not reach a node. */
function copy({ path, mode, owner, group }: WantedFile, from: string, ssh: string): ShownCommand[] {
  const install = `sudo install -D -m ${mode.toString(8)} -o ${owner} -g ${group} /dev/stdin ${path}`;
  return [
    ...(path.endsWith('/chrony.conf') ? [chronydReads(from)] : []),
    {
      command: `${ssh} ${quoted(install)} <${quoted(from)}`,
      meaning: text(`put ${path} in place`, `安装 ${path}`),
    },
  ];
}
