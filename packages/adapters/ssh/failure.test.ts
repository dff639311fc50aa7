import { describe, expect, test } from 'vitest';
import type { ProgramEnd } from '../child-process/index.ts';
import type { Login } from './command-line.ts';
import { failureOf } from './failure.ts';

const login: Login = {
  target: 'root@n1',
  host: 'n1',
  args: [],
  acceptCommand: 'ssh -o StrictHostKeyChecking=ask n1 true',
  copyKeyCommand: 'ssh-copy-id root@n1',
};

/** As -v surrounds it. */
const noise =
  'OpenSSH_9.2p1 Debian-2+deb12u10, OpenSSL 3.0.20\r\ndebug1: Connecting to n1 [10.0.0.1] port 22.\r\n';

function ended(stderr: string, more: Partial<ProgramEnd> = {}): ProgramEnd {
  return { kind: 'exited', code: 255, stdout: '', stderr: `${noise}${stderr}`, ...more } as ProgramEnd;
}

const failure = (end: ProgramEnd, ready = false) => failureOf(end, ready, login, 20);

describe('what ssh says before it gives up', () => {
  test.each([
    ['ssh: connect to host 10.0.0.1 port 22: Connection refused\r\n', 'refused'],
    ['ssh: connect to host 10.0.0.1 port 22: Connection timed out\r\n', 'unreachable'],
    ['ssh: connect to host 10.0.0.1 port 22: No route to host\r\n', 'unreachable'],
    ['ssh: connect to host 10.0.0.1 port 22: Network is unreachable\r\n', 'unreachable'],
    ['ssh: Could not resolve hostname n1: Name or service not known\r\n', 'unreachable'],
    ['root@n1: Permission denied (publickey,gssapi-keyex,gssapi-with-mic).\r\n', 'unauthorized'],
    ['Received disconnect from 10.0.0.1 port 22:2: Too many authentication failures\r\n', 'unauthorized'],
    [
      'No ED25519 host key is known for n1 and you have requested strict checking.\r\nHost key verification failed.\r\n',
      'unauthorized',
    ],
    [
      'No ECDSA host key is known for n1 and you have requested strict checking.\r\nHost key verification failed.\r\n',
      'unauthorized',
    ],
    [
      'Unable to negotiate with 10.0.0.1 port 22: no matching host key type found. Their offer: ssh-rsa\r\n',
      'unsupported',
    ],
    ['command-line: line 0: Bad configuration option: nosuch\r\n', 'unsupported'],
    ['Bad owner or permissions on /root/.ssh/config\r\n', 'unsupported'],
    [
      'kex_exchange_identification: Connection closed by remote host\r\nConnection closed by 10.0.0.1 port 22\r\n',
      'refused',
    ],
    ['Connection reset by 10.0.0.1 port 22\r\n', 'refused'],
    [
      'channel 0: open failed: connect failed: Connection refused\r\nstdio forwarding failed\r\nkex_exchange_identification: Connection closed by remote host\r\n',
      'refused',
    ],
    ['something new\r\n', 'unreachable'],
  ])('%s', (stderr, code) => {
    const { text, hint, code: found } = failure(ended(stderr));
    expect(found).toBe(code);
    for (const words of [text.en, text['zh-CN'], hint?.en ?? '', hint?.['zh-CN'] ?? '']) {
      expect(words).not.toMatch(/debug1|OpenSSH_|\r|\n/);
    }
  });

  test('a changed key is a warning with the place of the old one', () => {
    const said = [
      'debug1: Server host key: ssh-ed25519 SHA256:abc',
      '@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @',
      'IT IS POSSIBLE THAT SOMEONE IS DOING SOMETHING NASTY!',
      'Offending ED25519 key in /home/me/.ssh/known_hosts:7',
      'Host key verification failed.',
    ].join('\r\n');
    const { code, text, hint } = failure(ended(said));
    expect(code).toBe('unauthorized');
    expect(text.en).toContain('ssh-ed25519 SHA256:abc');
    expect(hint?.en).toContain('/home/me/.ssh/known_hosts:7');
    expect(hint?.en).toContain(login.acceptCommand);
  });

  test('the jump host is named when it is its key that is unknown', () => {
    const said = 'No ED25519 host key is known for bastion and you have requested strict checking.\r\n';
    expect(failure(ended(said)).text.en).toContain('bastion');
  });

  test('words from the node cannot draw on a terminal', () => {
    const { text } = failure(ended('\u001b[31mConnection closed\u202e by evil\u0007\r\n'));
    expect(text.en).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});

describe('how a session ends', () => {
  test.each([
    ['not-started', { kind: 'not-started', reason: 'ENOENT' }, false, 'unsupported'],
    ['silent from the start', { kind: 'timed-out' }, false, 'unreachable'],
    ['silent after the login', { kind: 'timed-out' }, true, 'unreachable'],
    ['endless', { kind: 'too-much-output' }, false, 'malformed'],
    ['cut off', { kind: 'exited', code: 255 }, true, 'malformed'],
    [
      'no shell',
      { kind: 'exited', code: 1, stdout: 'This account is currently not available.\n' },
      false,
      'unsupported',
    ],
  ] as const)('%s', (_, end, ready, code) => {
    expect(failure(ended('', end as Partial<ProgramEnd>), ready).code).toBe(code);
  });
});
