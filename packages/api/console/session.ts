import { z } from 'zod';

export const sessionStateSchema = z.object({
  /** false: the server listens on loopback only and asks nobody. */
  required: z.boolean(),
  authenticated: z.boolean(),
  method: z.enum(['none', 'token', 'password']),
  /** To be sent as X-CSRF-Token with every request that changes something. */
  csrfToken: z.string().nullable(),
});

export type SessionState = z.infer<typeof sessionStateSchema>;
