/** Replies of the Prometheus HTTP API to an instant query. https://prometheus.io/docs/prometheus/latest/querying/api/ */
import { readNumber, type Sample } from './page.ts';

export type VectorResult =
  | {
      readonly ok: true;
      readonly samples: readonly Sample[];
      /** The server's clock at which the query was evaluated, in seconds since 1970; null when nothing was found. */
      readonly evaluatedSeconds: number | null;
      readonly warnings: readonly string[];
    }
  | {
      readonly ok: false;
      /** `bad_data`, `execution`, `timeout`, … as the server says; null: not a reply to an instant query. */
      readonly errorType: string | null;
      readonly message: string;
    };

/** A vector, or a scalar as a vector of one sample without labels. */
export function readVector(body: string): VectorResult {
  let reply: unknown;
  try {
    reply = JSON.parse(body);
  } catch {
    return malformed('not JSON');
  }
  if (!isRecord(reply)) return malformed('not an object');
  if (reply.status === 'error') {
    return {
      ok: false,
      errorType: typeof reply.errorType === 'string' ? reply.errorType.slice(0, 64) : 'unknown',
      message: typeof reply.error === 'string' ? reply.error.slice(0, 500) : '',
    };
  }
  const data = reply.data;
  if (reply.status !== 'success' || !isRecord(data)) return malformed('no data');
  const warnings = Array.isArray(reply.warnings) ? reply.warnings.filter(isString).slice(0, 16) : [];
  if (data.resultType === 'scalar') return vectorOf([{ metric: {}, value: data.result }], warnings);
  if (data.resultType !== 'vector' || !Array.isArray(data.result)) return malformed('not a vector');
  return vectorOf(data.result, warnings);
}

function vectorOf(result: readonly unknown[], warnings: readonly string[]): VectorResult {
  const samples: Sample[] = [];
  let evaluatedSeconds: number | null = null;
  for (const entry of result) {
    if (!isRecord(entry) || !isRecord(entry.metric) || !Array.isArray(entry.value)) {
      return malformed('a sample without metric or value');
    }
    const [at, token] = entry.value as readonly unknown[];
    const value = isString(token) ? readNumber(token) : null;
    if (typeof at !== 'number' || value === null || !hasOnlyStrings(entry.metric)) {
      return malformed('a sample that is no number');
    }
    evaluatedSeconds ??= at;
    samples.push({ labels: entry.metric, value });
  }
  return { ok: true, samples, evaluatedSeconds, warnings };
}

function malformed(message: string): VectorResult {
  return { ok: false, errorType: null, message };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}

function hasOnlyStrings(metric: Record<string, unknown>): metric is Record<string, string> {
  for (const key in metric) if (typeof metric[key] !== 'string') return false;
  return true;
}
