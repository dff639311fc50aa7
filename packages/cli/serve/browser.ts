import { spawn } from 'node:child_process';

/** Opens the address in the person's browser; says nothing where there is none. */
export function openBrowser(url: string): void {
  const screen = process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY;
  if (process.platform === 'linux' && screen === undefined) return;
  const program = process.platform === 'darwin' ? 'open' : 'xdg-open';
  const child = spawn(program, [url], { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}
