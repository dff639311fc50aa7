import { launch, type Running } from './index.ts';

export interface Child<Command, State> {
  readonly running: Running;
  /** Sends a command and waits until the child has carried it out; resolves with the child's state after it. */
  tell(command: Command): Promise<State>;
}

/** Starts one of the kit's own programs in a process of its own, so that a tester's busy event loop cannot delay it. */
export async function startChild<Command, State>(
  file: string,
  first: Command,
  namespace: string | undefined,
): Promise<{ child: Child<Command, State>; state: State }> {
  const running = launch(process.execPath, [file], { namespace, ipc: true, env: { NODE_OPTIONS: '' } });
  const waiting = new Map<number, { resolve(state: State): void; reject(error: Error): void }>();
  let count = 0;
  const fail = (message: string): void => {
    for (const one of waiting.values()) one.reject(new Error(`${file}: ${message}\n${running.log()}`));
    waiting.clear();
  };
  running.child.on('message', (reply: { id: number; state?: State; error?: string }) => {
    const asked = waiting.get(reply.id);
    waiting.delete(reply.id);
    if (reply.error !== undefined) asked?.reject(new Error(reply.error));
    else asked?.resolve(reply.state as State);
  });
  void running.exited.then((code) => fail(`ended with ${code}`));
  const tell = (command: Command): Promise<State> =>
    new Promise((resolve, reject) => {
      const id = ++count;
      waiting.set(id, { resolve, reject });
      if (running.ended()) fail('has ended');
      else running.child.send({ id, command }, (error) => error && fail(error.message));
    });
  try {
    const state = await tell(first);
    return { child: { running, tell }, state };
  } catch (error) {
    await running.stop();
    throw error;
  }
}

/** The child's side: carries out each command and answers with its state. */
export function obey<Command, State>(carryOut: (command: Command) => State | Promise<State>): void {
  process.on('message', async ({ id, command }: { id: number; command: Command }) => {
    try {
      process.send?.({ id, state: await carryOut(command) });
    } catch (error) {
      process.send?.({ id, error: String(error) });
    }
  });
}
