/** ntp.conf (ntpd and ntpsec) as text → its commands. Comments begin with `#` anywhere. */
import type { Directive } from '../chrony-conf/index.ts';

export interface NtpConf {
  readonly directives: readonly Directive[];
  readonly lines: readonly string[];
}

export function parseNtpConf(content: string): NtpConf {
  const lines = content.split(/\r?\n/);
  const directives = lines.flatMap((written, index): readonly Directive[] => {
    const [name = '', ...args] = written.replace(/#.*/, '').trim().split(/\s+/);
    return name === '' ? [] : [{ name: name.toLowerCase(), args, line: index + 1 }];
  });
  return { directives, lines };
}
