import { Command, InvalidArgumentError, Option } from 'commander';
import pc from 'picocolors';
import { takeDown } from '../cluster/down.ts';
import { accessFiles } from '../cluster/inventory.ts';
import { restoreSnapshot, saveSnapshot, snapshotNames } from '../cluster/snapshot.ts';
import { labNames, loadState, nodeNamed } from '../cluster/state.ts';
import { bootLab, prepareLab, type UpOptions } from '../cluster/up.ts';
import { flavours } from '../flavours/index.ts';
import { getImages } from '../image/build.ts';
import { refuseWithoutNeeds } from '../machine.ts';
import { runOnNode } from '../node/agent.ts';
import { cacheRoot, checkLabName } from '../paths.ts';
import { LabProblem } from '../problem.ts';
import { say } from '../progress.ts';
import { runServices } from '../services/run.ts';
import { continueInside, runInside } from './enter.ts';
import { changeFaults, type FaultOptions, listActive, listFaults } from './fault.ts';
import { printStatus } from './status.ts';
import { printTruth } from './truth.ts';

const defaultArchive = 'http://deb.debian.org';

interface Named {
  readonly name: string;
}

export function program(): Command {
  const lab = new Command('lab')
    .description('A cluster of real systemd nodes on this machine.')
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError();
  addUp(lab);
  addReaders(lab);
  addRunners(lab);
  addFault(lab);
  addSnapshot(lab);
  command(lab, 'down', 'end all processes of a lab and remove everything that belongs to it')
    .option('--all', 'every lab of this user')
    .action(async (options: Named & { all?: boolean }) => {
      refuseWithoutNeeds();
      for (const name of options.all ? await labNames() : [checkLabName(options.name)]) {
        say((await takeDown(name)) ? `the lab "${name}" is gone` : `there was no lab "${name}"`);
      }
    });
  return lab;
}

/** Every command names its lab in the same way. */
function command(parent: Command, usage: string, description: string): Command {
  return parent
    .command(usage)
    .description(description)
    .addOption(new Option('--name <lab>', 'name of the lab').env('CLOCKWARDEN_LAB').default('default'));
}

function wholeNumber(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError('a whole number is wanted.');
  return Number(text);
}

const archiveOption = (): Option =>
  new Option('--archive <url>', 'the Debian archive for building the kernel and images')
    .env('CLOCKWARDEN_LAB_ARCHIVE')
    .default(defaultArchive);

function addUp(lab: Command): void {
  const images = flavours.map((flavour) => flavour.name).join(', ');
  command(lab, 'up', 'boot a cluster and wait until it is ready')
    .option('--nodes <count>', 'number of nodes', wholeNumber, 3)
    .option('--control-plane <count>', 'how many of them are control-plane nodes', wholeNumber)
    .option('--image <kinds>', `${images}; several by commas, in turn; mixed: one of each`, 'chrony')
    .option('--clock <list>', 'clock errors at the start: node2=+90s,node4=-3d (ns, us, ms, s, m, h, d, y)')
    .option('--timezone <list>', 'timezone of all nodes, or of some: Asia/Shanghai,node3=UTC')
    .option('--upstreams <count>', 'NTP servers outside the cluster, ntp1 and on', wholeNumber, 3)
    .addOption(
      new Option(
        '--sources <kind>',
        'what the daemons follow: the lab’s upstreams, or the package’s own pool, which is out of reach',
      )
        .choices(['upstream', 'debian'])
        .default('upstream'),
    )
    .option('--exporter', 'run node_exporter on every node (port 9100)', false)
    .option('--memory <MiB>', 'memory of a node', wholeNumber, 192)
    .addOption(archiveOption())
    .action(async (options: UpOptions) => {
      refuseWithoutNeeds();
      await up(options);
    });
  lab
    .command('build')
    .description('build the nodes’ kernel and every image now, which up does when it needs them')
    .addOption(archiveOption())
    .action(async ({ archive }: { archive: string }) => {
      refuseWithoutNeeds();
      await getImages(cacheRoot(), flavours, archive);
      say(pc.green('the kernel and all images are there'));
    });
  lab
    .command('boot', { hidden: true })
    .requiredOption('--name <lab>')
    .action(async ({ name }: Named) => bootLab(await loadState(name)));
  lab
    .command('services', { hidden: true })
    .requiredOption('--name <lab>')
    .action(async ({ name }: Named) => runServices(await loadState(name)));
}

async function up(options: UpOptions): Promise<void> {
  checkLabName(options.name);
  const state = await prepareLab(options);
  if (!(await continueInside(state.name, ['boot', '--name', state.name]))) {
    throw new LabProblem('Start a lab from outside of other labs.');
  }
  if (process.exitCode !== undefined && process.exitCode !== 0) {
    await takeDown(state.name);
    return;
  }
  const files = accessFiles(state.name);
  const own = state.name === 'default' ? '' : `--name ${state.name} `;
  say(pc.green(`the lab "${state.name}" is ready`));
  process.stdout.write(
    [
      `inventory   ${files.inventory}`,
      `ssh_config  ${files.sshConfig}`,
      `try         npm run lab -- ssh ${own}node1`,
      `            npm run lab -- run ${own}-- npm run clockwarden -- check -i ${files.inventory}`,
      `end         npm run lab -- down ${own}`.trimEnd(),
      '',
    ].join('\n'),
  );
}

function addReaders(lab: Command): void {
  command(lab, 'status', 'what a lab consists of, and whether it lives')
    .option('--json', 'as JSON', false)
    .action(async (options: Named & { json: boolean }) => {
      if (!(await continueInside(options.name)))
        await printStatus(await loadState(options.name), options.json);
    });
  command(lab, 'truth', 'each node’s clock against this machine’s, measured by the lab itself')
    .option('--json', 'as JSON', false)
    .action(async (options: Named & { json: boolean }) => {
      if (!(await continueInside(options.name)))
        await printTruth(await loadState(options.name), options.json);
    });
}

function addSnapshot(lab: Command): void {
  command(
    lab,
    'snapshot [action] [snapshot]',
    'save <name>, restore <name>, or list: disks and clock errors of all nodes',
  ).action(async (action: string | undefined, snapshot: string | undefined, options: Named) => {
    const state = await loadState(options.name);
    if (action === undefined || action === 'list') {
      for (const name of await snapshotNames(state.name)) process.stdout.write(`${name}\n`);
      return;
    }
    if ((action !== 'save' && action !== 'restore') || snapshot === undefined) {
      throw new LabProblem('Use: snapshot save <name>, snapshot restore <name>, or snapshot list.');
    }
    if (await continueInside(options.name)) return;
    await (action === 'save' ? saveSnapshot : restoreSnapshot)(state, snapshot);
    say(`snapshot "${snapshot}" is ${action}d`);
  });
}

function addFault(lab: Command): void {
  command(lab, 'fault [words...]', 'put a fault in force: fault step node2 by=+90s')
    .usage('[options] [<fault> <node or upstream> [key=value...]]')
    .option('--list', 'all faults there are')
    .option('--undo <id>', 'end a fault; all: every one')
    .action(async (words: string[], options: FaultOptions) => {
      if (options.list) listFaults();
      else if (words.length === 0 && options.undo === undefined) listActive(await loadState(options.name));
      else if (!(await continueInside(options.name))) await changeFaults(words, options);
    });
}

function addRunners(lab: Command): void {
  command(lab, 'ssh <node> [command...]', 'log in to a node as root, over its sshd')
    .passThroughOptions(false)
    .action(async (node: string, words: string[], options: Named) => {
      nodeNamed(await loadState(options.name), node);
      const config = accessFiles(options.name).sshConfig;
      process.exitCode = await runInside(options.name, ['ssh', '-F', config, node, ...words]);
    });
  command(
    lab,
    'exec <node> <command...>',
    'run a shell command on a node, over the lab’s own wire, whatever its firewall says',
  ).action(async (name: string, words: string[], options: Named) => {
    const node = nodeNamed(await loadState(options.name), name);
    if (await continueInside(options.name)) return;
    const outcome = await runOnNode(node.wire, words.join(' '), {
      timeoutMs: 3_600_000,
      onStdout: (data) => process.stdout.write(data),
      onStderr: (data) => process.stderr.write(data),
    });
    process.exitCode = outcome.code;
  });
  command(
    lab,
    'run <command...>',
    'run a program of this machine inside the lab’s network, where the nodes are',
  ).action(async (words: string[], options: Named) => {
    await loadState(options.name);
    process.exitCode = await runInside(options.name, words);
  });
}
