/** The plan as a file: the documented, versioned contract `clockwarden.plan/1`, written by `plan` and read back by `apply`. */
import { renameSync, writeFileSync } from 'node:fs';
import type { Action } from '@clockwarden/core/configure';
import { OperatorError } from '@clockwarden/core/errors';
import { text } from '@clockwarden/core/text';
import * as z from 'zod';
import { readText } from '../config/index.ts';

const writableState = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('absent') }),
  z.object({
    kind: z.literal('file'),
    content: z.base64(),
    mode: z.int().min(0).max(0o7777),
    owner: z.string(),
    group: z.string(),
  }),
  z.object({ kind: z.literal('link'), target: z.string().min(1) }),
]);

const fileChange = z.object({ path: z.string().startsWith('/'), state: writableState });
const unitState = z.object({ active: z.boolean(), enabled: z.boolean(), masked: z.boolean() });
const daemon = z.enum(['chronyd', 'systemd-timesyncd', 'linuxptp']);
const firewall = {
  backend: z.enum(['firewalld', 'ufw', 'nftables', 'iptables']),
  networks: z.array(z.string()).readonly(),
};

const action: z.ZodType<Action> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('fetch-packages'), packages: z.array(z.string()).readonly() }),
  z.object({
    kind: z.literal('install-package'),
    package: z.string(),
    removes: z.array(z.string()).readonly(),
    purge: z.array(z.string()).readonly(),
  }),
  z.object({ kind: z.literal('remove-package'), package: z.string(), purge: z.boolean() }),
  z.object({
    kind: z.literal('configure-daemon'),
    daemon,
    unit: z.string(),
    files: z.array(fileChange).readonly(),
  }),
  z.object({ kind: z.literal('set-units'), units: z.record(z.string(), unitState) }),
  z.object({ kind: z.literal('put-file'), ...fileChange.shape }),
  z.object({ kind: z.literal('open-firewall'), ...firewall }),
  z.object({ kind: z.literal('close-firewall'), ...firewall }),
  z.object({ kind: z.literal('resync'), daemon, unit: z.string() }),
]);

const problem = z.object({ severity: z.enum(['error', 'warning']), text: z.string() });

const plannedNode = z.object({
  name: z.string(),
  part: z.enum(['server', 'client']).nullable(),
  /** What the plan rests on, by name (`file /etc/chrony/chrony.conf`) as JSON; null: the node could not be asked. */
  seen: z.record(z.string(), z.string()).nullable(),
  failure: z.object({ code: z.string(), text: z.string() }).nullable(),
  problems: z.array(problem).readonly(),
  /** Against what it will follow when the plan was made, positive = ahead; null: nothing to change, or not known. */
  offset: z.object({ seconds: z.number(), lowSeconds: z.number(), highSeconds: z.number() }).nullable(),
  /** What its daemon will do about that offset. `apply` measures again. */
  correction: z
    .object({
      kind: z.enum(['none', 'slew', 'step', 'unknown']),
      seconds: z.number().nullable(),
      durationSeconds: z.number().nullable(),
      text: z.string(),
    })
    .nullable(),
  /** Null: there is no plan for it. */
  actions: z
    .array(z.object({ action, reason: z.string(), inverse: action.nullable() }))
    .readonly()
    .nullable(),
});

const planDocument = z.object({
  schema: z.literal('clockwarden.plan/1'),
  cluster: z.string(),
  /** When it was made, ISO 8601. */
  at: z.iso.datetime(),
  topology: z.enum(['direct', 'hierarchy', 'island']),
  problems: z.array(problem).readonly(),
  /** Nodes of one step may be changed at the same time. */
  order: z.array(z.array(z.string()).readonly()).readonly(),
  nodes: z.array(plannedNode).readonly(),
});

export type PlanDocument = z.infer<typeof planDocument>;
export type PlanDocumentNode = z.infer<typeof plannedNode>;

/** Throws OperatorError: absent, unreadable, or no plan (the detail names the places). */
export function readPlan(path: string): PlanDocument {
  const words = readText(path, 'plan-not-found', 'plan-invalid');
  let json: unknown;
  try {
    json = JSON.parse(words);
  } catch {
    throw new OperatorError('plan-invalid', {
      where: path,
      detail: text('it is not JSON, or cut off', '不是 JSON，或已被截断'),
    });
  }
  const parsed = planDocument.safeParse(json);
  if (parsed.success) return parsed.data;
  const places = parsed.error.issues.slice(0, 5).map((issue) => issue.path.join('.'));
  throw new OperatorError('plan-invalid', {
    where: path,
    detail: text(`missing or wrong: ${places.join(', ')}`, `缺少或有误：${places.join('、')}`),
  });
}

/** Whole or not at all: written beside the file and renamed. Only the owner may read what is on the nodes. */
export function writePlan(path: string, document: PlanDocument): void {
  const draft = `${path}.${process.pid}`;
  try {
    writeFileSync(draft, `${JSON.stringify(document, null, 2)}\n`, { mode: 0o600 });
    renameSync(draft, path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new OperatorError('cannot-write', { where: path, detail: text(reason, reason) });
  }
}
