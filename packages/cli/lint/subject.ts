import { basename, dirname } from 'node:path';
import type { LintSubject } from '@clockwarden/core/lint';

/** What a file is, by its name, else by what it says; null when neither tells. */
export function subjectOf(path: string, content: string): LintSubject | null {
  const name = basename(path);
  if (hasRules(content)) return 'prometheus-rules';
  if (/\.ya?ml$/.test(name)) return 'clockwarden.yaml';
  if (/timesyncd/.test(path)) return 'timesyncd.conf';
  if (/chrony/.test(path) || name.endsWith('.sources')) return 'chrony.conf';
  if (/^ntp(sec)?(\.|d|$)/.test(name) || /\/ntp(sec)?\.d$|\/ntpsec$/.test(dirname(path))) return 'ntp.conf';
  if (/^\s*\[Time\]/m.test(content)) return 'timesyncd.conf';
  if (/^\s*(restrict|tinker|fudge|tos|statsdir)\s/m.test(content)) return 'ntp.conf';
  if (/^\s*(rtcsync|makestep|allow|pool|server|driftfile|local|refclock)\b/m.test(content))
    return 'chrony.conf';
  return null;
}

/** As Prometheus reads them, or as a Kubernetes object of kind PrometheusRule. */
function hasRules(content: string): boolean {
  const keys = ['groups', 'rules', 'expr', '(?:alert|record)'];
  return keys.every((key) => new RegExp(`^[ \\t]*(?:-[ \\t]+)?["']?${key}["']?[ \\t]*:`, 'm').test(content));
}

/** False for a drop-in, which lacks on purpose what the main file has. */
export function isWhole(path: string): boolean {
  return !path.endsWith('.sources') && !/\.d$/.test(dirname(path));
}
