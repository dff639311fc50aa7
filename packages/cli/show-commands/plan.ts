/** What an expert would type for a plan: on each node first what it was made from, then each action by hand. */
import type { Action, ConfigureFacts } from '@clockwarden/core/configure';
import { expertCommands } from '@clockwarden/core/expert-commands';
import { text } from '@clockwarden/core/text';
import { describeAction } from '../plan/describe.ts';
import type { ClusterPlan, PlannedNode } from '../plan/make.ts';
import type { CommandGroup, ShownCommand } from './print.ts';
import { quoted } from './words.ts';

type Manager = ConfigureFacts['packageManager'];
type Firewall = Extract<Action, { kind: 'open-firewall' }>;
type FileChange = Pick<Extract<Action, { kind: 'put-file' }>, 'path' | 'state'>;

export function commandsToPlan({ design, nodes }: ClusterPlan): readonly CommandGroup[] {
  return nodes.map((planned) => {
    const found = design.nodes.find(({ node }) => node.name === planned.name);
    const daemon = found?.daemon ?? null;
    const address = found?.node.address ?? planned.name;
    return {
      heading: `${planned.name} (${address})`,
      about: { name: planned.name, address, daemon },
      commands: [...toRead(planned, daemon), ...toDo(planned)],
    };
  });
}

function toRead({ facts }: PlannedNode, daemon: Parameters<typeof expertCommands>[1]): ShownCommand[] {
  const host =
    facts === null
      ? null
      : {
          os: `${facts.os.id} ${facts.os.like}`,
          osName: null,
          kernel: null,
          bootTimeSeconds: null,
          chronyVersion: null,
        };
  const read = (['state', 'configuration'] as const).flatMap((purpose) =>
    expertCommands(host, daemon, purpose),
  );
  const firewall = facts?.firewall ?? null;
  if (firewall === null) return read;
  const rules = text('whom the firewall lets in', '防火墙放行了谁');
  return [...read, { command: `sudo ${listRules[firewall.backend]}`, meaning: rules }];
}

function toDo({ plan, facts }: PlannedNode): ShownCommand[] {
  return (plan?.actions ?? []).flatMap(({ action }) =>
    byHand(action, facts?.packageManager ?? 'none', plan?.node ?? '').map((command) => ({
      command,
      meaning: describeAction(action),
    })),
  );
}

function byHand(action: Action, manager: Manager, node: string): readonly string[] {
  switch (action.kind) {
    case 'fetch-packages':
      return [packages(manager, 'fetch', action.packages)];
    case 'install-package':
      return [packages(manager, 'install', [action.package])];
    case 'remove-package':
      return [packages(manager, action.purge ? 'purge' : 'remove', [action.package])];
    case 'configure-daemon': {
      const checks = action.files.flatMap(({ path, state }) =>
        path.endsWith('/chrony.conf') && state.kind === 'file' ? [`sudo chronyd -p -f ${quoted(path)}`] : [],
      );
      const files = action.files.flatMap((change) => putFile(change, node));
      return [...files, ...checks, `sudo systemctl try-restart ${quoted(action.unit)}`];
    }
    case 'set-units':
      return handOver(action);
    case 'put-file':
      return putFile(action, node);
    case 'open-firewall':
    case 'close-firewall':
      return firewall(action.backend, action.kind === 'open-firewall', action.networks);
    case 'resync':
      return action.daemon === 'chronyd'
        ? ['sudo chronyc burst 4/8', 'sudo chronyc makestep']
        : [`sudo systemctl restart ${quoted(action.unit)}`];
  }
}

const verbs: Readonly<
  Record<'apt' | 'dnf', Readonly<Record<'fetch' | 'install' | 'remove' | 'purge', string>>>
> = {
  apt: {
    fetch: 'apt-get install --download-only',
    install: 'apt-get install',
    remove: 'apt-get remove',
    purge: 'apt-get purge',
  },
  dnf: {
    fetch: 'dnf install --downloadonly',
    install: 'dnf install',
    remove: 'dnf remove',
    purge: 'dnf remove',
  },
};

function packages(manager: Manager, verb: keyof (typeof verbs)['apt'], names: readonly string[]): string {
  const words = verbs[manager === 'apt' ? 'apt' : 'dnf'][verb];
  const command = manager === 'yum' ? words.replace(/^dnf/, 'yum') : words;
  return `sudo ${command} ${names.map(quoted).join(' ')}`;
}

/** A file's content is not for a command line: `render` prints it. */
function putFile({ path, state }: FileChange, node: string): readonly string[] {
  const target = quoted(path);
  switch (state.kind) {
    case 'absent':
      return [`sudo rm ${target}`];
    case 'link':
      return [`sudo ln -sfn ${quoted(state.target)} ${target}`];
    case 'file': {
      const mode = `-m ${state.mode.toString(8)} -o ${quoted(state.owner)} -g ${quoted(state.group)}`;
      return [`sudo install -D ${mode} ${quoted(`${node}${path}`)} ${target}`];
    }
  }
}

function handOver({ units }: Extract<Action, { kind: 'set-units' }>): readonly string[] {
  const entries = Object.entries(units);
  const leaving = entries.flatMap(([unit, state]) => {
    if (state.masked) return [`sudo systemctl mask --now ${quoted(unit)}`];
    return state.active ? [] : [`sudo systemctl ${state.enabled ? 'stop' : 'disable --now'} ${quoted(unit)}`];
  });
  const coming = entries.flatMap(([unit, state]) =>
    state.active ? [`sudo systemctl ${state.enabled ? 'enable --now' : 'start'} ${quoted(unit)}`] : [],
  );
  return [...leaving, ...coming];
}

const listRules: Readonly<Record<Firewall['backend'], string>> = {
  firewalld: 'firewall-cmd --list-all-zones',
  ufw: 'ufw status verbose',
  nftables: 'nft list ruleset',
  iptables: 'iptables-save -t filter',
};

function firewall(
  backend: Firewall['backend'],
  open: boolean,
  networks: readonly string[],
): readonly string[] {
  const rules = networks.map((network) => rule(backend, open, network));
  return backend === 'firewalld' ? [...rules, 'sudo firewall-cmd --reload'] : rules;
}

function rule(backend: Firewall['backend'], open: boolean, network: string): string {
  const from = quoted(network);
  const six = network.includes(':');
  switch (backend) {
    case 'firewalld': {
      const family = six ? 'ipv6' : 'ipv4';
      const rich = `rule family="${family}" source address="${network}" port port="123" protocol="udp" accept`;
      return `sudo firewall-cmd --permanent --${open ? 'add' : 'remove'}-rich-rule=${quoted(rich)}`;
    }
    case 'ufw':
      return `sudo ufw ${open ? '' : 'delete '}allow proto udp from ${from} to any port 123`;
    case 'nftables':
      // A rule goes by its handle, which only the list tells.
      return open
        ? `sudo nft insert rule inet filter input ${six ? 'ip6' : 'ip'} saddr ${from} udp dport 123 accept`
        : 'sudo nft -a list chain inet filter input';
    case 'iptables':
      return `sudo ${six ? 'ip6tables' : 'iptables'} -${open ? 'I' : 'D'} INPUT -p udp -s ${from} --dport 123 -j ACCEPT`;
  }
}
