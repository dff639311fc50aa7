/** Lines of crontabs that set the clock: found, and put to rest. */

/** `ntpdate`, `sntp -s/-S`, `date -s`, `hwclock -s/--hctosys`, `timedatectl set-time`, `rdate`, one-shot `chronyd -q`, `ntpd -q/-gq`. */
const clockSetting =
  /\b(ntpdate|ntpdig|rdate)\b|\bsntp\b[^|;&]*\s-[a-z]*[sS]|\bdate\s+(-s|--set)|\bhwclock\b[^|;&]*(\s-s\b|--hctosys)|\btimedatectl\s+set-time|\bchronyd\b[^|;&]*\s-q\b|\bntpd\b[^|;&]*\s-[a-z]*q/;

/** The lines that would set the clock; comments are none. */
export function clockJobLines(crontab: string): readonly string[] {
  return crontab.split('\n').filter((line) => !/^\s*#/.test(line) && clockSetting.test(line));
}

const RETIRED = '# retired by Clockwarden: ';

/** The crontab with those lines as comments; everything else byte for byte. */
export function retireClockJobs(crontab: string): string {
  const lines = new Set(clockJobLines(crontab));
  return crontab
    .split('\n')
    .map((line) => (lines.has(line) ? RETIRED + line : line))
    .join('\n');
}
