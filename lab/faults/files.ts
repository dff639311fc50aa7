import { flavourNamed } from '../flavours/index.ts';
import { LabProblem } from '../problem.ts';
import { type NodeFault, type NodeScene, quoted } from './fault.ts';

export const diskFull: NodeFault = {
  name: 'disk-full',
  target: 'node',
  summary: 'fill the disk to the last block',
  settings: {},
  apply: async ({ onNode }) => {
    // Twice: the first file needs blocks for its own tree, too, and the journal may free some.
    await onNode(`
fill() { fallocate -l "$(df --output=avail -B1 / | tail -n 1)" "$1" 2>/dev/null; }
fill /var/lib/lab-ballast; fill /var/lib/lab-ballast.more
dd if=/dev/zero of=/var/lib/lab-ballast.rest bs=4096 2>/dev/null
[ "$(df --output=avail -B1 / | tail -n 1)" -lt 65536 ]`);
    return '';
  },
  undo: async ({ onNode }) => {
    await onNode('rm -f /var/lib/lab-ballast /var/lib/lab-ballast.more /var/lib/lab-ballast.rest');
  },
};

export const etcReadOnly: NodeFault = {
  name: 'etc-read-only',
  target: 'node',
  summary: '/etc cannot be written',
  settings: {},
  apply: async ({ onNode }) => {
    await onNode('mount --bind /etc /etc && mount -o remount,ro,bind /etc');
    return '';
  },
  undo: async ({ onNode }) => {
    await onNode('umount /etc');
  },
};

export const localtimeBreak: NodeFault = {
  name: 'localtime-break',
  target: 'node',
  summary: 'break /etc/localtime',
  settings: {
    kind: {
      summary: 'dangling (link to nowhere), missing, copy (a file, not a link), junk',
      standard: 'dangling',
    },
  },
  apply: async ({ onNode, settings }) => {
    const breaking: Readonly<Record<string, string>> = {
      dangling: 'ln -sfn /usr/share/zoneinfo/Nowhere/Land /etc/localtime',
      missing: 'rm /etc/localtime',
      copy: 'cp --remove-destination /usr/share/zoneinfo/Asia/Tokyo /etc/localtime',
      junk: 'rm /etc/localtime && echo junk >/etc/localtime',
    };
    const script = breaking[settings.kind ?? ''];
    if (script === undefined)
      throw new LabProblem(`kind must be one of ${Object.keys(breaking).join(', ')}.`);
    const before = (await onNode('readlink /etc/localtime')).trim();
    await onNode(script);
    return before;
  },
  undo: async ({ onNode }, memory) => {
    await onNode(`rm -f /etc/localtime && ln -s ${quoted(memory)} /etc/localtime`);
  },
};

function configOf({ node }: NodeScene): string {
  const { daemon } = flavourNamed(node.flavour);
  if (!daemon) throw new LabProblem(`${node.name} is ${node.flavour}: it has no time daemon to configure.`);
  return daemon.config;
}

/** Mode, owner and group, and the bytes: all that undo needs to put the very file back. */
const remember = (file: string): string =>
  `[ -f ${file} ] && stat -c '%a %u:%g' ${file} && base64 -w0 ${file}`;

const restore = (file: string, memory: string): string => {
  const [facts = '', bytes = ''] = memory.split('\n');
  const [mode = '644', owner = '0:0'] = facts.split(' ');
  return `printf %s ${quoted(bytes)} | base64 -d >${file} && chmod ${mode} ${file} && chown ${owner} ${file}`;
};

export const configCorrupt: NodeFault = {
  name: 'config-corrupt',
  target: 'node',
  summary:
    'the daemon’s configuration ends in the middle of a line, in bytes that are no text; the daemon is not restarted',
  settings: {},
  apply: async (scene) => {
    const file = configOf(scene);
    const memory = await scene.onNode(remember(file));
    await scene.onNode(
      `size=$(stat -c %s ${file}); truncate -s $((size / 2)) ${file}; printf '\\000\\377\\nserver' >>${file}`,
    );
    return memory;
  },
  undo: async (scene, memory) => {
    await scene.onNode(restore(configOf(scene), memory));
  },
};

export const configRemove: NodeFault = {
  name: 'config-remove',
  target: 'node',
  summary: 'the daemon’s configuration file is gone; the daemon is not restarted',
  settings: {},
  apply: async (scene) => {
    const file = configOf(scene);
    const memory = await scene.onNode(remember(file));
    await scene.onNode(`rm ${file}`);
    return memory;
  },
  undo: async (scene, memory) => {
    await scene.onNode(restore(configOf(scene), memory));
  },
};
