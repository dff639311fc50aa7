/** Nobody's terminal, for tests: what is printed is kept. */
import { type Language, localized } from '@clockwarden/core/text';
import pc from 'picocolors';
import type { CliContext } from './context.ts';
import type { FakeScreen } from './fake-screen.ts';

export function testContext(
  language: Language = 'en',
  json = false,
): { readonly context: CliContext; readonly lines: readonly string[] } {
  const lines: string[] = [];
  const context: CliContext = {
    language,
    json,
    color: pc.createColors(false),
    interactive: false,
    screen: { write: () => undefined },
    configPath: undefined,
    inventoryPath: undefined,
    timeoutSeconds: undefined,
    signal: new AbortController().signal,
    t: (words) => localized(words, language),
    print: (line) => void lines.push(line),
    note: () => undefined,
  };
  return { context, lines };
}

/** A person who looks at this screen. */
export function contextAt(screen: FakeScreen, more: Partial<CliContext> = {}): CliContext {
  const print = (line: string): void => screen.write(`${line}\n`);
  return { ...testContext().context, interactive: true, screen, print, ...more };
}
