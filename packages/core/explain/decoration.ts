/** Lines of a paste that carry no value: prompts, commands, rules, the captions of -v. */

const tool = '(?:chronyc|timedatectl|ntpq|ntpdate|ntpdig|ntptime|adjtimex)';

const commandLine = new RegExp(
  `^(?:[^$#>%]{0,80}[$#>%] {1,4})?(?:sudo (?:-\\S{1,20} ){0,3})?(?:/\\S{0,60}/)?(${tool}(?: [^:=]{0,100})?)$`,
);

/** The command that was typed here, as `chronyc -c sources`; null: the line is none. Values never look so. */
export function commandOf(line: string): string | null {
  const interactive = /^chronyc> ?(.{0,100})$/.exec(line);
  if (interactive !== null) return `chronyc ${interactive[1] ?? ''}`;
  if (/^\[?[A-Za-z0-9_.-]{1,40}@[^ ]{1,60}[ :][^$#]{0,60}[$#]$/.test(line)) return '';
  return commandLine.exec(line)?.[1] ?? null;
}

const decorations: readonly RegExp[] = [
  /^=+$/,
  /^200 OK$/,
  /^210 Number of sources = \d{1,5}$/,
  // Captions of sources -v, sourcestats -v and selectdata -v.
  /^(\||\/ |\.- |\.-- |\. State)/,
  /^'x' = may be in error/,
  // The banner of an interactive chronyc.
  /^chrony version \d/,
  /^Copyright \(C\) .{0,40}Richard/,
  /^chrony comes with ABSOLUTELY NO WARRANTY/,
  /^are welcome to redistribute it under certain conditions/,
  /^GNU General Public License version 2 for details/,
];

export function isDecoration(line: string): boolean {
  return decorations.some((pattern) => pattern.test(line));
}
