import type { Agreement, Comparison, MeasuredServer, QueriedServer } from '@clockwarden/core/ntp';
import { type Language, localized } from '@clockwarden/core/text';
import type { Estimate, Instant } from '@clockwarden/core/time';
import { isoOf } from '../snapshot/index.ts';
import type { QueryReport, QueryReportServer } from './schema.ts';

export interface QueriedName {
  /** As it was typed. */
  readonly server: string;
  readonly result: QueriedServer & { readonly address: string | null };
}

/** @param comparison of the same servers in the same order */
export function queryReportOf(
  servers: readonly QueriedName[],
  comparison: Comparison,
  at: Instant,
  language: Language,
): QueryReport {
  return {
    schema: 'clockwarden.query/1',
    at: isoOf(at),
    servers: servers.map((queried, index) => serverOf(queried, comparison.servers[index], language)),
    agreement: agreementOf(comparison.agreement, namesOf(servers)),
  };
}

/** As they were typed; with the address where several of one name were asked. */
function namesOf(servers: readonly QueriedName[]): readonly string[] {
  return servers.map(({ server, result }) => {
    const several = servers.filter((other) => other.server === server).length > 1;
    return several && result.address !== null ? `${server} (${result.address})` : server;
  });
}

function serverOf(
  { server, result }: QueriedName,
  judged: Comparison['servers'][number] | undefined,
  language: Language,
): QueryReportServer {
  const failure = result.ok ? null : result.failure;
  return {
    server,
    address: result.address,
    verdict: judged?.fitness ?? 'failed',
    reasons: (judged?.reasons ?? []).map((reason) => ({ ...reason, text: localized(reason.text, language) })),
    error:
      failure === null
        ? null
        : {
            code: failure.code,
            text: localized(failure.text, language),
            hint: failure.hint === undefined ? null : localized(failure.hint, language),
          },
    ...(result.ok ? measuredOf(result.measured) : nothingMeasured),
  };
}

type Measured = Omit<QueryReportServer, 'server' | 'address' | 'verdict' | 'reasons' | 'error'>;

function measuredOf({ clock, report }: MeasuredServer): Measured {
  return {
    offset: offsetOf(clock.offset),
    delaySeconds: clock.delaySeconds,
    stampedBy: clock.stampedBy === 'kernel' ? 'kernel' : 'process',
    stratum: report.stratum,
    leap: report.leap,
    refId: report.refId,
    refIdAddress: report.refIdAddress,
    rootDelaySeconds: report.rootDelaySeconds,
    rootDispersionSeconds: report.rootDispersionSeconds,
    rootDistanceSeconds: report.rootDistanceSeconds,
    precisionSeconds: report.precisionSeconds,
    referenceAgeSeconds: report.referenceAgeSeconds,
    version: report.version,
    samples: clock.samples,
  };
}

const nothingMeasured: Measured = {
  offset: null,
  delaySeconds: null,
  stampedBy: null,
  stratum: null,
  leap: null,
  refId: null,
  refIdAddress: null,
  rootDelaySeconds: null,
  rootDispersionSeconds: null,
  rootDistanceSeconds: null,
  precisionSeconds: null,
  referenceAgeSeconds: null,
  version: null,
  samples: 0,
};

function agreementOf(agreement: Agreement, names: readonly string[]): QueryReport['agreement'] {
  if (agreement.kind !== 'majority') {
    return { verdict: agreement.kind, offset: null, agreeing: [], falsetickers: [] };
  }
  const { interval, agreeing, falsetickers } = agreement;
  const named = (indexes: readonly number[]): string[] => indexes.map((index) => names[index] ?? '');
  return {
    verdict: 'majority',
    offset: offsetOf({ ...interval, seconds: (interval.low + interval.high) / 2 }),
    agreeing: named(agreeing),
    falsetickers: named(falsetickers),
  };
}

function offsetOf({ seconds, low, high }: Estimate): NonNullable<QueryReportServer['offset']> {
  return { seconds, lowSeconds: low, highSeconds: high };
}
