/**
 * clockwarden.yaml, key by key. The descriptions become the published JSON Schema
 * (docs/reference/clockwarden.schema.json), which editors show while one types.
 */
import { presetNames } from '@clockwarden/core/policy';
import { z } from 'zod';
import {
  address,
  clusterName,
  duration,
  hostPort,
  httpUrl,
  interfaceOrAll,
  listen,
  network,
  networkInterface,
  nodeName,
  oneSpelling,
  path,
  port,
  refclock,
  role,
  size,
  sourceKind,
  timezone,
  userName,
} from './values.ts';

const roles = z.array(role).max(16);

const pace = {
  interval: duration.optional().describe('How often `clockwarden serve` asks.'),
  timeout: duration.optional().describe('How long one reading of one node may take.'),
};

const httpAuth = {
  bearerTokenFile: path.optional().describe('File with a bearer token.'),
  username: z.string().min(1).max(200).optional().describe('User name of HTTP basic authentication.'),
  passwordFile: path.optional().describe('File with the password of HTTP basic authentication.'),
  caFile: path.optional().describe('PEM file of the certification authorities to trust.'),
  certFile: path.optional().describe('PEM file of the client certificate.'),
  keyFile: path.optional().describe('PEM file of the private key of the client certificate.'),
};

/** `true` asks a source with its defaults, a map with other settings, `false` not at all. */
function source<Shape extends z.ZodRawShape>(shape: Shape, description: string) {
  return z
    .union([z.boolean(), z.strictObject({ ...pace, ...shape })])
    .optional()
    .describe(`${description} \`true\`: with its defaults.`);
}

const sourceMap = z.strictObject({
  local: source({}, 'This machine itself, without a network.'),
  ntp: source(
    {
      port: port.optional().describe('UDP port of the node.'),
      samples: z.int().min(1).max(64).optional().describe('Exchanges per reading; the best is kept.'),
    },
    'Nodes that answer NTP.',
  ),
  chrony: source(
    { port: port.optional().describe('UDP command port of chronyd.') },
    'chronyd by its command protocol.',
  ),
  ssh: source(
    {
      user: userName.optional().describe('Login name.'),
      port: port.optional().describe('Port of sshd.'),
      identityFile: path.optional().describe('Private key.'),
      configFile: path.optional().describe("ssh_config(5) file to use instead of the user's own."),
      extraArguments: z
        .array(z.string().max(1_000))
        .max(64)
        .optional()
        .describe('Further arguments of ssh(1).'),
      sudo: z
        .enum(['auto', 'never'])
        .optional()
        .describe('`auto`: `sudo -n` where a command needs it; `never`: read what an ordinary user may.'),
      concurrency: z.int().min(1).max(1_000).optional().describe('Logins under way at once.'),
    },
    'OpenSSH, with nothing installed on the nodes.',
  ),
  'node-exporter': source(
    {
      ...httpAuth,
      scheme: z.enum(['http', 'https']).optional().describe('`https` where the exporter has TLS.'),
      port: port.optional().describe('TCP port of the exporter.'),
      path: z
        .string()
        .regex(/^\/[\x21-\x7e]*$/)
        .max(1_000)
        .optional()
        .describe('Path of the metrics.'),
    },
    "Each node's node_exporter, asked directly.",
  ),
  prometheus: source(
    {
      ...httpAuth,
      url: httpUrl.optional().describe('Address of the Prometheus-compatible server.'),
      selector: z
        .string()
        .max(1_000)
        .optional()
        .describe('PromQL label matchers that pick the series, as `job="node"`.'),
      nodeLabels: z
        .array(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,199}$/))
        .min(1)
        .max(16)
        .optional()
        .describe('Labels that name a node, tried in this order.'),
    },
    'A Prometheus server that scrapes node_exporter on the nodes.',
  ),
});

const limits = z.strictObject({
  median: z
    .strictObject({
      warning: duration.optional().describe('Beyond this a node is a warning. Default 30s.'),
      critical: duration.optional().describe('Beyond this a node is critical. Default 2m.'),
    })
    .optional()
    .describe('|offset from the cluster median| of any node.'),
  roles: z
    .strictObject({
      'control-plane': duration.optional(),
      etcd: duration.optional(),
      worker: duration.optional(),
      'ntp-server': duration.optional(),
    })
    .optional()
    .describe(
      '|offset from the cluster median| by role: control-plane, etcd, ntp-server 50ms, worker 200ms.',
    ),
  controlPlaneSpread: duration
    .optional()
    .describe('Largest distance between two control-plane nodes: the leeway of ServiceAccount tokens, 60s.'),
  reference: duration.optional().describe('|cluster median − `reference`| of the whole cluster. Default 1s.'),
});

const sourceCount = z.int().min(1).max(64);

/** What a group or a single node may have differently. */
const nodeTimesyncKeys = {
  mode: z
    .enum(['auto', 'chrony', 'timesyncd'])
    .optional()
    .describe('The time daemon of the nodes. Default auto: chrony.'),
  upstreams: z.array(address).max(64).optional().describe('Outside NTP servers; three or more.'),
  servers: z
    .array(address)
    .max(64)
    .optional()
    .describe('NTP servers that the nodes are meant to follow: nodes by name or address, or others.'),
  allow: z.array(network).max(64).optional().describe('Networks that servers in the cluster serve.'),
  makestep: z
    .strictObject({
      threshold: duration.default(1).describe('Step when off by more than this. Default 1s.'),
      limit: z
        .int()
        .min(-1)
        .max(1_000)
        .default(3)
        .describe('In so many first corrections; -1: always. Default 3.'),
    })
    .optional()
    .describe('When the clock may be stepped instead of slewed.'),
  minSources: sourceCount.optional().describe('Sources that must agree. Default: by the design.'),
  minsources: sourceCount.optional().describe("`minSources`, in chrony's own spelling."),
  fallback: z.array(address).max(64).optional().describe('FallbackNTP of systemd-timesyncd.'),
  hwtimestamp: z
    .array(interfaceOrAll)
    .max(16)
    .optional()
    .describe('Interfaces with hardware time stamps; `*`: all that can.'),
  refclocks: z
    .array(refclock)
    .max(16)
    .optional()
    .describe('Reference clocks of the servers, as chrony.conf has them after `refclock`.'),
  nts: z.boolean().optional().describe('Authenticate the upstreams by Network Time Security. Default false.'),
  ptp: z
    .strictObject({
      interfaces: z
        .array(networkInterface)
        .min(1)
        .max(16)
        .describe('Interfaces with a hardware clock, on which the grandmaster is heard.'),
      domain: z.int().min(0).max(127).optional().describe('PTP domain. Default 0.'),
      transport: z.enum(['UDPv4', 'UDPv6', 'L2']).optional().describe('Default UDPv4.'),
      program: z
        .enum(['ptp4l', 'timemaster'])
        .optional()
        .describe('ptp4l, whose clock chronyd reads, or timemaster, which starts both. Default ptp4l.'),
    })
    .optional()
    .describe('Follow a PTP grandmaster through the hardware clock of a network interface.'),
  firewall: z
    .enum(['auto', 'off'])
    .optional()
    .describe(
      'auto: open UDP 123 for `allow` where a firewall rules; off: leave firewalls alone. Default auto.',
    ),
  adopt: z.boolean().optional().describe('Monitored and never rewritten. Default false.'),
};

const nodeTimesync = z.strictObject(nodeTimesyncKeys).superRefine(oneSpelling);

const timesync = z
  .strictObject({
    enabled: z.boolean().optional().describe('false: the block is kept and not used. Default true.'),
    preset: z
      .enum(presetNames)
      .optional()
      .describe('What the keys have that are not written: public or Chinese servers, or an island.'),
    topology: z
      .enum(['auto', 'direct', 'hierarchy', 'island'])
      .optional()
      .describe(
        'direct: all follow the upstreams; hierarchy: servers in the cluster do; island: no outside. Default auto.',
      ),
    ...nodeTimesyncKeys,
    keys: z
      .strictObject({
        file: path.describe("chrony's key file on this machine; never written here."),
        id: z.int().min(1).max(4_294_967_295).describe('The key that the nodes prove themselves with.'),
      })
      .optional()
      .describe('Symmetric keys between the nodes of the cluster.'),
    threshold: duration
      .optional()
      .describe('Limit of workers and of the control plane; `limits.roles` goes before it.'),
  })
  .superRefine(oneSpelling);

const groups = z
  .record(
    nodeName,
    z.strictObject({
      timezone: timezone.optional().describe('Time zone wanted on the nodes of this group.'),
      timesync: nodeTimesync.optional().describe('What the nodes of this group have differently.'),
    }),
  )
  .describe('What groups of the inventory, roles or nodes have differently, by name.');

const nodeMap = z
  .strictObject({
    name: nodeName.optional().describe('The name Kubernetes knows. Default: the address.'),
    address: address.optional().describe('Host name or IP address. Default: the name.'),
    role: role.optional().describe('One role; `roles` takes several. Default: worker.'),
    roles: roles.optional().describe('The roles of this node.'),
    ssh: z
      .strictObject({
        user: userName.optional().describe('Login name.'),
        port: port.optional().describe('Port of sshd.'),
        identityFile: path.optional().describe('Private key.'),
      })
      .optional()
      .describe('How to log in where this node differs from `sources.ssh`.'),
    sources: z.array(sourceKind).min(1).max(6).optional().describe('Sources to ask for this node only.'),
    timezone: timezone.optional().describe('Time zone wanted on this node.'),
    timesync: nodeTimesync.optional().describe('What this node has differently.'),
  })
  .describe('A node.');

const history = z.strictObject({
  path: z
    .union([z.literal(':memory:'), path])
    .optional()
    .describe('SQLite file; `:memory:` keeps nothing after the end.'),
  rawHours: z
    .number()
    .min(1)
    .max(8_760)
    .optional()
    .describe('Hours for which every reading is kept. Default 48.'),
  rollupDays: z
    .number()
    .min(1)
    .max(3_650)
    .optional()
    .describe('Days for which summaries are kept. Default 90.'),
  maxSize: size.optional().describe('Largest size of the file. Default 2GiB.'),
});

const consoleMap = z.strictObject({
  listen: listen.optional().describe('Address of the console and the API. Default 127.0.0.1:8323.'),
  tokenFile: path.optional().describe('File with the token that opens the console and the API.'),
  passwordHash: z
    .string()
    .min(1)
    .max(1_000)
    .optional()
    .describe('Password hash made by `clockwarden serve --hash-password`.'),
  tls: z
    .strictObject({ cert: path.describe('PEM certificate chain.'), key: path.describe('PEM private key.') })
    .optional()
    .describe('Serve HTTPS.'),
  allowedHosts: z
    .array(address)
    .max(64)
    .optional()
    .describe('Names besides the listening address by which browsers reach the console.'),
});

export const configSchema = z
  .strictObject({
    name: clusterName.optional().describe('Name of the cluster. Default: the folder of this file.'),
    timezone: timezone.optional().describe('Time zone wanted on every node.'),
    nodes: z
      .array(z.union([z.string(), nodeMap]))
      .max(100_000)
      .optional()
      .describe('The nodes: maps, or just `10.0.0.1` or `cp-1=10.0.0.1`.'),
    inventory: path.optional().describe('Ansible or kubeasz inventory that names the nodes.'),
    sources: z
      .union([z.array(sourceKind).min(1).max(6), sourceMap])
      .optional()
      .describe('Where readings come from. Default: local for this machine, ssh and ntp for others.'),
    limits: limits.optional().describe('How far apart clocks may be.'),
    reference: hostPort.optional().describe('NTP server that the whole cluster is held against.'),
    timesync: timesync.optional().describe('How the nodes are meant to be configured.'),
    groups: groups.optional(),
    history: history.optional().describe('What is remembered, where, and for how long.'),
    console: consoleMap.optional().describe('The web console and HTTP API of `clockwarden serve`.'),
  })
  .meta({
    title: 'clockwarden.yaml',
    description: 'The time a cluster should have, and where its readings come from.',
  });

export type Config = z.output<typeof configSchema>;
export type NodeConfig = z.output<typeof nodeMap>;
export type NodeTimesyncConfig = z.output<typeof nodeTimesync>;

let jsonSchema: unknown;

/** The published JSON Schema, of what people write (not of what it becomes). Made once: each unknown key asks for it. */
export function configJsonSchema(): unknown {
  jsonSchema ??= z.toJSONSchema(configSchema, { io: 'input' });
  return jsonSchema;
}
