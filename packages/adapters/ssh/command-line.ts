/** The arguments of ssh(1) for one node. */
import type { NodeSpec } from '@clockwarden/core/inventory';
import type { SshConfig } from '@clockwarden/core/policy';

export interface Login {
  /** As a person would type it: `root@10.0.0.5`, with the port when it is not the usual one. */
  readonly target: string;
  readonly host: string;
  /** Everything for ssh but the command to run. */
  readonly args: readonly string[];
  /** What a person types to be shown the host key and asked whether to trust it. */
  readonly acceptCommand: string;
  /** What a person types to be let in by key. */
  readonly copyKeyCommand: string;
}

/**
 * Options that the user's ssh_config must not undo; ssh takes the first value that it meets, so they stand first. Keys of
 * unknown hosts are never learnt silently, whatever the configuration says: a reading must not decide whom to trust.
 * No master is left behind, nothing is forwarded, nothing asks a person. -v tells when a server answers and
 * which key the host showed.
 */
const fixedOptions: readonly string[] = [
  'BatchMode=yes',
  'StrictHostKeyChecking=yes',
  'ControlMaster=no',
  'ClearAllForwardings=yes',
  'ForwardAgent=no',
  'ForwardX11=no',
  'PermitLocalCommand=no',
  'RemoteCommand=none',
  'RequestTTY=no',
  'EscapeChar=none',
];

/** Null when the address or the user would be read as an option or could not be a name: those never reach ssh. */
export function loginFor(node: NodeSpec, config: SshConfig): Login | null {
  const user = node.ssh.user ?? config.user;
  const port = node.ssh.port ?? config.port;
  const identityFile = node.ssh.identityFile ?? config.identityFile;
  if (!isSafeName(node.address) || (user !== undefined && !isSafeName(user))) return null;
  const destination = `${user === undefined ? '' : `${user}@`}${node.address}`;
  const portWords = port === undefined ? [] : ['-p', String(port)];
  const own = [
    ...(config.configFile === undefined ? [] : ['-F', config.configFile]),
    ...portWords,
    ...(user === undefined ? [] : ['-l', user]),
    ...(identityFile === undefined ? [] : ['-i', identityFile]),
    ...config.extraArguments,
    ...(node.ssh.extraArguments ?? []),
  ];
  const connectTimeout = `ConnectTimeout=${Math.max(1, Math.ceil(config.timeoutSeconds))}`;
  const fixed = [...fixedOptions, connectTimeout].flatMap((option) => ['-o', option]);
  return {
    target: [destination, ...portWords].join(' '),
    host: node.address,
    args: ['-T', '-x', '-v', ...fixed, ...own, '--', node.address],
    acceptCommand: ['ssh', '-o', 'StrictHostKeyChecking=ask', ...own, node.address, 'true']
      .map(quoted)
      .join(' '),
    copyKeyCommand: ['ssh-copy-id', ...portWords, destination].map(quoted).join(' '),
  };
}

/** Host names, addresses with a zone, aliases of ssh_config: nothing that ProxyCommand's shell could take apart. */
function isSafeName(name: string): boolean {
  return /^[A-Za-z0-9_.:%@+\u0080-\u{10ffff}][A-Za-z0-9_.:%@+\u0080-\u{10ffff}-]{0,254}$/u.test(name);
}

/** For a POSIX shell, to be copied by a person. */
function quoted(word: string): string {
  return /^[A-Za-z0-9_./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
