import { chronyFamilies, collectorFamilies } from '@clockwarden/core/exposition';

/** Label that the clock query puts on its answers, and its values: what the number is. */
export const PART = 'clockwarden_part';
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

/**
 * What the clocks of all nodes are computed from, in one query. Three would see different scrapes, even when evaluated
 * at one moment: a scrape that has begun before it arrives after it, with its beginning as timestamp. Within a query the
 * server isolates what it reads from what arrives.
 */
export function clockQuery(selector: string): string {
  const time = select('node_time_seconds', selector);
  const part = (promql: string, name: string): string =>
    `label_replace(${promql}, "${PART}", "${name}", "", "")`;
  return [
    part(`${time} - timestamp(${time})`, EXCESS),
    part(`timestamp(${time})`, STAMP),
    part(`(scrape_duration_seconds and on (job, instance) ${time})`, DURATION),
  ].join(' or ');
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
