import type { Answer } from '@clockwarden/core/ntp';
import type { Asking, NtpClient, Question } from './client.ts';

/**
 * Asks the addresses of one host in turn until one can be reached at all: a host may have an IPv6 address which this
 * machine has no route to. `asking` is told of each question, so that it can be cancelled.
 *
 * @param addresses at least one
 */
export async function askHost(
  client: NtpClient,
  addresses: readonly string[],
  question: Omit<Question, 'address'>,
  asking: (asking: Asking) => void,
): Promise<Answer & { readonly address: string }> {
  for (let index = 0; ; index += 1) {
    const address = addresses[index] ?? '';
    const asked = client.ask({ ...question, address });
    asking(asked);
    const answer = await asked.answer;
    const last = index + 1 >= addresses.length;
    if (last || answer.outcome.kind !== 'network' || answer.outcome.problem === 'refused') {
      return { ...answer, address };
    }
  }
}
