/** A file of a node. Owner is root. `mode` defaults to 0644; `link` makes a symbolic link instead of a file. */
export interface NodeFile {
  readonly path: string;
  readonly content?: string;
  readonly mode?: number;
  readonly link?: string;
}

/** What kind of machine a node is. One flavour a file; the registry is index.ts. */
export interface Flavour {
  readonly name: string;
  readonly summary: string;
  /** Debian packages on top of the base image. */
  readonly packages: readonly string[];
  /** A shell script that runs in the image while it is built, after the packages were installed. */
  readonly prepare: string;
  /** The unit of the time daemon, and its configuration file. Null: this node has none. */
  readonly daemon: { readonly unit: string; readonly config: string } | null;
  /** The files that make the daemon follow these servers, in place of what the package brought. */
  readonly follow: (servers: readonly string[]) => readonly NodeFile[];
}

/**
 * chrony.conf as the Debian package brings it, but for the sources. They are asked every 8 s at first: on a busy machine the four
 * questions of a burst can be so disturbed that chronyd moves a right clock, and by default it would look again after 64 s only.
 */
export function chronyConf(servers: readonly string[], user?: string): string {
  return [
    ...servers.map((server) => `server ${server} iburst minpoll 3`),
    'driftfile /var/lib/chrony/chrony.drift',
    'ntsdumpdir /var/lib/chrony',
    'logdir /var/log/chrony',
    'maxupdateskew 100.0',
    'rtcsync',
    'makestep 1 3',
    'leapsectz right/UTC',
    ...(user === undefined ? [] : [`user ${user}`]),
    '',
  ].join('\n');
}
