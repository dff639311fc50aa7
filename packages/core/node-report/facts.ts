/** From a node's printed report to facts. What a section does not say, or says in a way we cannot read, stays null. */
import { decodeTimex, kernelStateOf, parseAdjtimex, type Timex } from '../kernel/index.ts';
import type {
  ClockMeasurement,
  ConfigFile,
  KernelState,
  NodeFacts,
  StepClock,
  TimezoneState,
} from '../observe/index.ts';
import { parseStepLine } from './clock.ts';
import { isConfigPath } from './config-paths.ts';
import { daemonsOf, parseProcesses, parseUnits } from './daemons.ts';
import { configFile, type FileContents, firstLine, MAX_FILE_LENGTH, parseFiles } from './files.ts';
import { askChronyVersion, hostOf } from './host.ts';
import { outputOf, type Report } from './report.ts';
import { syncFacts } from './sync.ts';
import { timezoneOf } from './timezone.ts';

const BOOT_ID = '/proc/sys/kernel/random/boot_id';
const CLOCKSOURCE = '/sys/devices/system/clocksource/clocksource0/current_clocksource';

/**
 * @param clock as measured in the session that printed the report; null when it could not be
 * @param nodeTimeSeconds the node's clock while it printed, seconds since 1970; null: unknown
 */
export function factsOfReport(
  report: Report,
  clock: ClockMeasurement | null,
  nodeTimeSeconds: number | null,
): NodeFacts {
  const printed = outputOf(report, 'files');
  const files: FileContents = parseFiles(printed ?? '');
  const readClock = report.get('clock')?.output ?? '';
  const bootId = firstLine(files, BOOT_ID);
  const processes = outputOf(report, 'processes');
  const units = outputOf(report, 'systemctl show');
  return {
    clock,
    kernel: kernelOf(readClock, firstLine(files, CLOCKSOURCE)),
    ...syncFacts(report),
    daemons: daemonsOf(
      processes === null ? null : parseProcesses(processes),
      units === null ? null : parseUnits(units),
    ),
    timezone: timezoneFact(report, files),
    stepClock: bootId === null ? null : stepOf(readClock, bootId),
    host:
      printed === null
        ? null
        : hostOf({
            osRelease: files.get('/etc/os-release') ?? null,
            kernel: firstLine(files, '/proc/sys/kernel/osrelease'),
            uptime: firstLine(files, '/proc/uptime'),
            nodeTimeSeconds,
            chronyVersion: outputOf(report, askChronyVersion.join(' ')),
          }),
    configFiles: printed === null ? null : configFilesOf(files),
    raw: rawOf(report),
  };
}

/** `timex HEX` of an interpreter, or what the adjtimex command printed. */
function kernelOf(printed: string, clocksource: string | null): KernelState | null {
  const timex = timexOfLine(/^timex ([0-9a-f]{416})$/m.exec(printed)?.[1]) ?? parseAdjtimex(printed);
  return timex === null ? null : kernelStateOf(timex, clocksource);
}

function timexOfLine(hexadecimal: string | undefined): Timex | null {
  if (hexadecimal === undefined) return null;
  return decodeTimex(
    Uint8Array.from({ length: hexadecimal.length / 2 }, (_, index) =>
      Number.parseInt(hexadecimal.slice(2 * index, 2 * index + 2), 16),
    ),
  );
}

function stepOf(printed: string, bootId: string): StepClock | null {
  const line = /^step .*$/m.exec(printed)?.[0];
  return line === undefined ? null : parseStepLine(line, bootId);
}

function timezoneFact(report: Report, files: FileContents): TimezoneState | null {
  const tested = report.get('test -e /etc/localtime');
  if (tested === undefined) return null;
  return timezoneOf({
    link: outputOf(report, 'readlink /etc/localtime')?.replace(/\n$/, '') ?? null,
    exists: tested.status === 0,
    timezoneFile: firstLine(files, '/etc/timezone'),
    dateOffset: outputOf(report, 'date +%z'),
  });
}

function configFilesOf(files: FileContents): readonly ConfigFile[] {
  return [...files]
    .filter(([path]) => isConfigPath(path))
    .map(([path, content]) => configFile(path, content));
}

/** Commands whose output a person may want to see as it was. */
const shown = /^(?:sudo -n )?(?:chronyc|timedatectl|ntpq)\b/;

function rawOf(report: Report): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...report]
      .filter(([name, { output }]) => shown.test(name) && output !== '')
      .map(([name, { output }]) => [name, output.slice(0, MAX_FILE_LENGTH)]),
  );
}
