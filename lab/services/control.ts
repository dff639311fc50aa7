import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { stateDirectory } from '../paths.ts';
import { LabProblem } from '../problem.ts';
import type { Behaviour } from './behaviour.ts';

/** What the lab's commands ask of its services. */
export type Request =
  | { readonly ask: 'status' }
  | { readonly ask: 'set'; readonly upstream: string; readonly behaviour: Behaviour };

export interface ServicesStatus {
  readonly upstreams: Readonly<Record<string, Behaviour>>;
}

type Answer =
  | { readonly ok: true; readonly status: ServicesStatus }
  | { readonly ok: false; readonly why: string };

const socketOf = (lab: string): string => join(stateDirectory(lab), 'services.sock');

/** One request, one answer, one line of JSON each. Throws LabProblem when the services are gone or refuse. */
export function callServices(lab: string, request: Request): Promise<ServicesStatus> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketOf(lab));
    let text = '';
    socket.setTimeout(10_000, () => socket.destroy(new Error('no answer in 10 s')));
    socket.on('connect', () => socket.write(`${JSON.stringify(request)}\n`));
    socket.on('data', (data) => {
      text += data.toString();
    });
    socket.on('error', (error) =>
      reject(new LabProblem(`The services of the lab "${lab}" are gone: ${error.message}`)),
    );
    socket.on('end', () => {
      const answer = JSON.parse(text) as Answer;
      if (answer.ok) resolve(answer.status);
      else reject(new LabProblem(answer.why));
    });
  });
}

/** The services' side. `act` performs a request and returns the status after it. */
export function serveControl(lab: string, act: (request: Request) => ServicesStatus): Server {
  const server = createServer((socket) => {
    let text = '';
    socket.on('error', () => socket.destroy());
    socket.on('data', (data) => {
      text += data.toString();
      if (!text.endsWith('\n')) return;
      let answer: Answer;
      try {
        answer = { ok: true, status: act(JSON.parse(text) as Request) };
      } catch (error) {
        answer = { ok: false, why: error instanceof Error ? error.message : String(error) };
      }
      socket.end(`${JSON.stringify(answer)}\n`);
    });
  });
  return server.listen(socketOf(lab));
}
