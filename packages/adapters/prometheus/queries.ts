import { chronyFamilies, collectorFamilies } from '@clockwarden/core/exposition';

/** Families under which the answers of the three clock queries are kept: no exporter has such names. */
export const EXCESS = 'excess';
export const STAMP = 'stamp';
export const DURATION = 'duration';

export interface Query {
  readonly family: string;
  readonly promql: string;
}

/** Label matchers from the configuration, with or without braces around them. */
function matchers(selector: string): string {
  return selector
    .trim()
    .replace(/^\{(.*)\}$/s, '$1')
    .trim();
}

function select(family: string, selector: string): string {
  const inside = matchers(selector);
  return inside === '' ? family : `${family}{${inside}}`;
}

/** What the clocks of all nodes are computed from. Without any one of them there is no clock. */
export function clockQueries(selector: string): readonly Query[] {
  const time = select('node_time_seconds', selector);
  return [
    // Subtracted by the server, in one evaluation: two queries could fall before and after a scrape.
    { family: EXCESS, promql: `${time} - timestamp(${time})` },
    { family: STAMP, promql: `timestamp(${time})` },
    { family: DURATION, promql: `scrape_duration_seconds and on (job, instance) ${time}` },
  ];
}

export function kernelQueries(selector: string): readonly Query[] {
  const families = [...collectorFamilies.timex, 'node_time_clocksource_current_info'];
  return families.map((family) => ({ family, promql: select(family, selector) }));
}

/** What changes seldom. */
export function hostQueries(selector: string): readonly Query[] {
  const families = [...collectorFamilies.os, ...collectorFamilies.stat, ...collectorFamilies.uname];
  return families.map((family) => ({ family, promql: select(family, selector) }));
}

/**
 * chrony_exporter is another job on another port: of the selector, which picks node_exporter's series, only what does
 * not speak of job or instance applies to it.
 */
export function chronyQueries(selector: string): readonly Query[] {
  const others = splitMatchers(matchers(selector)).filter((one) => !/^\s*(job|instance)\s*[=!]/.test(one));
  return chronyFamilies.map((family) => ({ family, promql: select(family, others.join(',')) }));
}

/** Splits at the commas outside quotes. */
function splitMatchers(inside: string): string[] {
  return inside.match(/(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^,"'])+/g) ?? [];
}
