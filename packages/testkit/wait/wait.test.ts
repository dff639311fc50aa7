import { expect, test } from 'vitest';
import { waitFor } from './index.ts';

test('the first usable answer is returned, and exceptions before it are forgiven', async () => {
  let asked = 0;
  const answer = await waitFor(
    () => {
      asked++;
      if (asked === 1) throw new Error('not yet');
      return asked === 3 ? 0 : undefined;
    },
    { everyMs: 1 },
  );
  expect(answer).toBe(0);
  expect(asked).toBe(3);
});

test('at the deadline the error says what was awaited, with evidence and cause', async () => {
  const waiting = waitFor(
    () => {
      throw new Error('refused');
    },
    { deadlineMs: 5, everyMs: 1, what: 'the daemon', evidence: () => 'its log' },
  );
  await expect(waiting).rejects.toThrow(/the daemon\nits log/);
  await expect(waiting).rejects.toMatchObject({ cause: new Error('refused') });
});
