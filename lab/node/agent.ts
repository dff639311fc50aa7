import { connect } from 'node:net';
import { LabProblem } from '../problem.ts';
import type { Outcome } from '../process.ts';

const port = 7001;

interface AgentOptions {
  readonly timeoutMs?: number;
  readonly onStdout?: (data: Buffer) => void;
  readonly onStderr?: (data: Buffer) => void;
}

/** The node's hand does not answer (yet): it boots, is paused, or its power was cut. */
export class NodeSilent extends LabProblem {}

/**
 * Runs a shell script on a node as root, over the lab's own wire, so that no firewall, route or sshd of the node matters.
 * Works only inside the lab's network namespace. Throws NodeSilent when the node does not answer.
 */
export function runOnNode(wire: string, script: string, options: AgentOptions = {}): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: wire, port });
    const output: Record<'o' | 'e', Buffer[]> = { o: [], e: [] };
    let waiting = Buffer.alloc(0);
    const timer = setTimeout(() => fail('it did not answer in time'), options.timeoutMs ?? 120_000);
    const fail = (why: string): void => {
      clearTimeout(timer);
      socket.destroy();
      reject(new NodeSilent(`The node at ${wire} is silent: ${why}.`));
    };
    socket.on('error', (error) => fail(error.message));
    socket.on('close', () => fail('the connection ended early'));
    socket.on('connect', () => {
      const bytes = Buffer.from(script);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      socket.write(Buffer.concat([length, bytes]));
    });
    socket.on('data', (data) => {
      waiting = Buffer.concat([waiting, data]);
      for (let frame = takeFrame(); frame; frame = takeFrame()) {
        if (frame.kind === 'x') {
          clearTimeout(timer);
          socket.removeAllListeners('close');
          socket.destroy();
          resolve({
            code: frame.bytes.readUInt32BE(0),
            stdout: Buffer.concat(output.o).toString(),
            stderr: Buffer.concat(output.e).toString(),
          });
        } else {
          const stream = frame.kind === 'o' ? 'o' : 'e';
          const listener = stream === 'o' ? options.onStdout : options.onStderr;
          if (listener) listener(frame.bytes);
          else output[stream].push(frame.bytes);
        }
      }
    });
    const takeFrame = (): { kind: string; bytes: Buffer } | undefined => {
      if (waiting.length < 5) return undefined;
      const end = 5 + waiting.readUInt32BE(1);
      if (waiting.length < end) return undefined;
      const frame = { kind: waiting.toString('latin1', 0, 1), bytes: waiting.subarray(5, end) };
      waiting = waiting.subarray(end);
      return frame;
    };
  });
}

/** As runOnNode; a script that fails is a LabProblem with its last words. Returns stdout. */
export async function doOnNode(wire: string, script: string, options: AgentOptions = {}): Promise<string> {
  const outcome = await runOnNode(wire, script, options);
  if (outcome.code === 0) return outcome.stdout;
  const words = (outcome.stderr.trim() || outcome.stdout.trim()).split('\n').slice(-8).join('\n');
  throw new LabProblem(
    `On the node at ${wire} this failed with code ${outcome.code}:\n${script.trim().slice(0, 500)}\n${words}`,
  );
}
