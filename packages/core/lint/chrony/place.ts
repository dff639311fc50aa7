/** What only shows on the node: whether chronyd reads the file at all, and who else gives it sources. */
import { parseChronyConf } from '../../chrony-conf/index.ts';
import { chronyPaths } from '../../configure/index.ts';
import { type Text, text } from '../../text/index.ts';
import { isDistributionPool, isPoolName } from '../../time-servers/index.ts';
import type { ChronyRule, FilePlace } from '../rule.ts';
import { named } from './missing.ts';
import { isAddress, network } from './network.ts';
import { DHCP, drawsIn, folderOf, mainPathOf, namesFolder, readTogether } from './together.ts';

const SERVERS = 'server 192.0.2.1 iburst\nserver 192.0.2.2 iburst\nserver 192.0.2.3 iburst\n';
const LEASE = { path: `${DHCP}/eth0.sources`, content: 'server 198.51.100.7 iburst\n' };

const mainPaths: readonly string[] = Object.values(chronyPaths).map(({ conf }) => conf);

export const placeRules: readonly ChronyRule[] = [
  {
    code: 'chrony-never-read',
    subject: 'chrony.conf',
    severity: 'warning',
    title: text('chronyd of this node never reads this file', '该节点的 chronyd 从不读取此文件'),
    why: text(
      'Debian and Ubuntu read /etc/chrony/chrony.conf, RHEL and its kin /etc/chrony.conf, and either reads a folder only where `confdir`, `sourcedir` or `include` names it. What stands elsewhere changes nothing, and nobody says so.',
      'Debian 和 Ubuntu 读取 /etc/chrony/chrony.conf，RHEL 及其衍生版读取 /etc/chrony.conf；目录只有在 `confdir`、`sourcedir` 或 `include` 中写明时才会读取。写在其他位置的内容不起作用，也没有任何提示。',
    ),
    fix: text(
      'Move its lines into the file that is read and remove this one (unless chronyd is started with `-f`).',
      '将其中的行移到实际读取的文件中，并删除此文件(chronyd 以 `-f` 启动时除外)。',
    ),
    bad: `# /etc/chrony.conf on Debian\n${SERVERS}`,
    good: `# /etc/chrony/chrony.conf on Debian\n${SERVERS}`,
    places: {
      bad: { path: '/etc/chrony.conf', os: 'debian', files: [] },
      good: { path: '/etc/chrony/chrony.conf', os: 'debian', files: [] },
    },
    check: (_, { place }) => {
      const detail = place === undefined ? null : readInstead(place);
      return detail === null ? [] : [{ line: 1, detail }];
    },
  },
  {
    code: 'chrony-dhcp-sources',
    subject: 'chrony.conf',
    severity: 'warning',
    title: text('DHCP adds sources to those that were chosen', 'DHCP 在选定的时间源之外添加了时间源'),
    why: text(
      'They come and go with the lease, are followed and counted like the others, and who reads this file does not see them.',
      '它们随租约出现和消失，与其他时间源一样被跟随和计票，而阅读此文件的人看不到它们。',
    ),
    fix: text(
      'Remove the `sourcedir` line, unless the servers of DHCP are wanted.',
      '删除该 `sourcedir` 行，除非确实需要 DHCP 提供的服务器。',
    ),
    bad: `${SERVERS}sourcedir ${DHCP}\n`,
    good: SERVERS,
    places: {
      bad: { path: chronyPaths.debian.conf, os: 'debian', files: [LEASE] },
      good: { path: chronyPaths.debian.conf, os: 'debian', files: [LEASE] },
    },
    check: (conf, { place }) => {
      if (place === undefined) return [];
      const own = readTogether(conf, place).flatMap(network);
      // The pool of a distribution was chosen by nobody.
      const chosen = own.filter(({ name }) => !isPoolName(name) && !isDistributionPool(name));
      // Whose addresses a name has is not known here: the lease may name just those.
      if (chosen.length === 0 || !chosen.every(({ name }) => isAddress(name))) return [];
      const fromLease = place.files.filter(({ path }) => folderOf(path) === DHCP);
      return named(conf, 'sourcedir')
        .filter((directive) => namesFolder(directive, DHCP))
        .flatMap(({ line }) =>
          fromLease.flatMap(({ path, content }) =>
            network(parseChronyConf(content))
              .filter(({ name }) => isAddress(name) && !own.some((source) => source.name === name))
              .map(({ name }) => ({ line, detail: text(`\`${name}\` (${path})`, `\`${name}\`(${path})`) })),
          ),
        );
    },
  },
];

/** What chronyd reads instead; null: it reads the file, or that cannot be told. */
function readInstead(place: FilePlace): Text | null {
  const { path, files } = place;
  const conf = mainPathOf(place);
  // What DHCP writes is nobody's mistake.
  if (conf === null || !path.startsWith('/etc/')) return null;
  const main = files.find((file) => file.path === conf);
  const own = files.find((file) => file.path === path);
  // A link from one path to the other shows as the same content twice.
  if (path === conf || (main !== undefined && main.content === own?.content)) return null;
  const read = text(`\`${conf}\` is read`, `实际读取 \`${conf}\``);
  if (main === undefined) return mainPaths.includes(path) ? read : null;
  const others = files.filter((file) => file === main || !mainPaths.includes(file.path));
  return others.some(({ content }) => drawsIn(parseChronyConf(content), path, true)) ? null : read;
}
