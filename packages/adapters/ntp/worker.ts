/**
 * The thread that owns the sockets. It does nothing else, so that a busy main thread neither delays a question nor takes
 * an answer that waits for one that was lost.
 */
import { isIPv6 } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { openDatagramTransport } from './datagram-transport.ts';
import { type ExchangeResult, Exchanger } from './exchanger.ts';
import { openKernelTransport } from './kernel-transport.ts';
import type { FromWorker, ToWorker, WorkerSetup } from './messages.ts';
import type { Transport, TransportEvents } from './transport.ts';

const { stamps } = workerData as WorkerSetup;
const port = parentPort;
if (port === null) throw new Error('to be started as a worker thread');

const transports = new Map<4 | 6, Transport | null>();
let results: ExchangeResult[] = [];

const exchanger: Exchanger = new Exchanger(
  (address) => transportOf(isIPv6(address) ? 6 : 4),
  (result) => {
    // One message for all that end in the same turn.
    if (results.push(result) === 1) setImmediate(tell);
  },
);

function tell(): void {
  const told: FromWorker = results;
  results = [];
  port?.postMessage(told);
}

function transportOf(family: 4 | 6): Transport | null {
  const known = transports.get(family);
  if (known !== undefined) return known;
  const events: TransportEvents = {
    datagram: (key, bytes, at) => exchanger.datagram(key, bytes, at),
    problem: (key, question, problem) => exchanger.problem(key, question, problem),
  };
  const kernel = stamps === 'process' ? null : openKernelTransport(family, events);
  const opened = kernel ?? (stamps === 'kernel' ? null : openDatagramTransport(events));
  transports.set(family, opened);
  return opened;
}

port.on('message', (message: ToWorker) => {
  switch (message.kind) {
    case 'jobs':
      for (const job of message.jobs) exchanger.add(job);
      break;
    case 'cancel':
      exchanger.cancel(message.ids);
      break;
    case 'close':
      for (const transport of transports.values()) transport?.close();
      // libuv lets go of a closed handle at the end of the turn: a thread that ends before is torn down around it.
      setImmediate(() => setImmediate(endThread));
  }
});

/** This thread alone, with its timers. */
function endThread(): never {
  process.exit();
}
