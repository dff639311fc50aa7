/** Rules for ntp.conf of ntpd and ntpsec. */
import type { Directive } from '../chrony-conf/index.ts';
import { text } from '../text/index.ts';
import { isPoolName, isSmeared } from '../time-servers/index.ts';
import type { NtpConf } from './ntp-conf.ts';
import type { NtpRule } from './rule.ts';

const RESTRICT = 'restrict default kod nomodify nopeer noquery limited\n';
const THREE = 'server 192.0.2.1 iburst\nserver 192.0.2.2 iburst\nserver 192.0.2.3 iburst\n';
const WHOLE = `driftfile /var/lib/ntp/drift\n${RESTRICT}${THREE}`;

function named(conf: NtpConf, ...names: readonly string[]): readonly Directive[] {
  return conf.directives.filter(({ name }) => names.includes(name));
}

function isLocalClock({ args }: Directive): boolean {
  return args[0]?.startsWith('127.127.1.') === true;
}

/** Sources on the network; `-4` and `-6` may stand before the name. */
function sources(conf: NtpConf) {
  return named(conf, 'server', 'pool', 'peer').flatMap((directive) => {
    const [name, ...options] = directive.args.filter((word) => word !== '-4' && word !== '-6');
    return name === undefined || name.startsWith('127.127.') ? [] : [{ directive, name, options }];
  });
}

function hasRefclock(conf: NtpConf): boolean {
  return (
    named(conf, 'refclock').length > 0 ||
    named(conf, 'server').some((server) => server.args[0]?.startsWith('127.127.') && !isLocalClock(server))
  );
}

function all(directives: readonly Directive[]) {
  return directives.map(({ line }) => ({ line }));
}

/** A default access rule, for IPv4 or for all. */
function defaults(conf: NtpConf): readonly Directive[] {
  return named(conf, 'restrict').filter(({ args }) => args.includes('default') && args[0] !== '-6');
}

export const ntpRules: readonly NtpRule[] = [
  {
    code: 'ntp-local-clock',
    subject: 'ntp.conf',
    severity: 'warning',
    title: text('the undisciplined local clock as a source', '把未受校准的本地时钟当作时间源'),
    why: text(
      'When the servers fail the node follows itself and says that it is synchronised.',
      '上游失效后，节点会跟随自己，却仍声称已同步。',
    ),
    fix: text(
      'Remove it; servers of an island use `tos orphan 10`.',
      '删除它；孤岛模式的服务端使用 `tos orphan 10`。',
    ),
    bad: `${WHOLE}server 127.127.1.0\nfudge 127.127.1.0 stratum 10\n`,
    good: `${WHOLE}tos orphan 10\n`,
    check: (conf) => all(named(conf, 'server').filter(isLocalClock)),
  },
  {
    code: 'ntp-local-clock-stratum',
    subject: 'ntp.conf',
    severity: 'error',
    title: text('the local clock claims a low stratum', '本地时钟声称很低的层级'),
    why: text(
      'With a low stratum the free-running clock wins over real servers, here and on every client.',
      '层级过低时，自由运行的时钟会压过真正的服务器，对本机和所有客户端都是如此。',
    ),
    fix: text('Use a stratum of 10 or more.', '使用 10 或更大的层级。'),
    bad: `${WHOLE}server 127.127.1.0\nfudge 127.127.1.0 stratum 1\n`,
    good: `${WHOLE}tos orphan 10\n`,
    check: (conf) =>
      all(
        named(conf, 'fudge').filter((directive) => {
          const at = directive.args.indexOf('stratum');
          return isLocalClock(directive) && at > 0 && Number(directive.args[at + 1]) < 8;
        }),
      ),
  },
  {
    code: 'ntp-single-source',
    subject: 'ntp.conf',
    severity: 'warning',
    title: text('one source alone', '只有一个时间源'),
    why: text('Nobody notices when it lies or jumps.', '它出错或跳变时无人察觉。'),
    fix: text('Name three or more; better four.', '至少写三个，最好四个。'),
    bad: `driftfile /var/lib/ntp/drift\n${RESTRICT}server 192.0.2.1 iburst\n`,
    good: WHOLE,
    check: (conf, { whole }) => {
      const [only, ...more] = sources(conf);
      if (!whole || only === undefined || more.length > 0 || only.directive.name === 'pool') return [];
      return hasRefclock(conf) ? [] : [{ line: only.directive.line }];
    },
  },
  {
    code: 'ntp-two-sources',
    subject: 'ntp.conf',
    severity: 'warning',
    title: text('two sources have no majority', '两个时间源无法形成多数'),
    why: text('When the two disagree ntpd follows neither.', '两者不一致时，ntpd 都不跟随。'),
    fix: text('Add a third; better a fourth.', '增加第三个，最好有第四个。'),
    bad: `driftfile /var/lib/ntp/drift\n${RESTRICT}server 192.0.2.1 iburst\nserver 192.0.2.2 iburst\n`,
    good: WHOLE,
    check: (conf, { whole }) => {
      const found = sources(conf);
      const [, second] = found;
      if (!whole || second === undefined || found.length > 2 || hasRefclock(conf)) return [];
      return found.some(({ directive }) => directive.name === 'pool')
        ? []
        : [{ line: second.directive.line }];
    },
  },
  {
    code: 'ntp-no-iburst',
    subject: 'ntp.conf',
    severity: 'warning',
    title: text('a source without `iburst`', '时间源没有 `iburst`'),
    why: text(
      'After a start the first correction takes minutes instead of seconds.',
      '启动后的第一次校正需要几分钟而不是几秒。',
    ),
    fix: text('Add `iburst`.', '加上 `iburst`。'),
    bad: `driftfile /var/lib/ntp/drift\n${RESTRICT}server 192.0.2.1\nserver 192.0.2.2 iburst\nserver 192.0.2.3 iburst\n`,
    good: WHOLE,
    check: (conf) =>
      sources(conf)
        .filter(({ directive, options }) => directive.name !== 'peer' && !options.includes('iburst'))
        .map(({ directive: { line } }) => {
          const written = conf.lines[line - 1] ?? '';
          const hash = written.indexOf('#');
          const command = (hash < 0 ? written : written.slice(0, hash)).trimEnd();
          return { line, edits: [{ line, lines: [`${command} iburst${written.slice(command.length)}`] }] };
        }),
  },
  {
    code: 'ntp-burst',
    subject: 'ntp.conf',
    severity: 'warning',
    title: text('`burst` on public servers', '对公共服务器使用 `burst`'),
    why: text(
      'Public servers count it as abuse and answer with kiss-o’-death.',
      '公共服务器会视为滥用，并以 KoD 应答。',
    ),
    fix: text('Use `iburst` alone.', '只使用 `iburst`。'),
    bad: `driftfile /var/lib/ntp/drift\n${RESTRICT}pool pool.ntp.org iburst burst\n`,
    good: `driftfile /var/lib/ntp/drift\n${RESTRICT}pool pool.ntp.org iburst\n`,
    check: (conf) =>
      all(
        sources(conf)
          .filter(({ name, options }) => isPoolName(name) && options.includes('burst'))
          .map(({ directive }) => directive),
      ),
  },
  {
    code: 'ntp-no-driftfile',
    subject: 'ntp.conf',
    severity: 'warning',
    title: text('`driftfile` is missing', '缺少 `driftfile`'),
    why: text(
      'After each restart the rate of the clock is learnt anew, for hours.',
      '每次重启都要花数小时重新学习时钟的频率误差。',
    ),
    fix: text(
      'Add `driftfile /var/lib/ntp/drift` (ntpsec: /var/lib/ntpsec/ntp.drift).',
      '加上 `driftfile /var/lib/ntp/drift`(ntpsec:/var/lib/ntpsec/ntp.drift)。',
    ),
    bad: `${RESTRICT}${THREE}`,
    good: WHOLE,
    check: (conf, { whole }) =>
      whole && named(conf, 'driftfile', 'includefile').length === 0 ? [{ line: 1 }] : [],
  },
  {
    code: 'ntp-no-restrict',
    subject: 'ntp.conf',
    severity: 'error',
    title: text('no default access rule', '没有默认访问规则'),
    why: text(
      'Without `restrict default` any address may query, and in old versions change, this daemon; such servers are used to amplify attacks.',
      '没有 `restrict default` 时，任何地址都能查询(旧版本甚至能修改)该守护进程；这样的服务器常被用于放大攻击。',
    ),
    fix: text(
      'Add `restrict default kod nomodify nopeer noquery limited`.',
      '加上 `restrict default kod nomodify nopeer noquery limited`。',
    ),
    bad: `driftfile /var/lib/ntp/drift\n${THREE}`,
    good: WHOLE,
    check: (conf, { whole }) =>
      whole && defaults(conf).length === 0 && named(conf, 'includefile').length === 0 ? [{ line: 1 }] : [],
  },
  {
    code: 'ntp-query-open',
    subject: 'ntp.conf',
    severity: 'warning',
    title: text('every address may send control queries', '任何地址都可以发送控制查询'),
    why: text(
      'Without `noquery` strangers read the state of the daemon, and old versions answer with many times the bytes.',
      '没有 `noquery` 时，陌生人可以读取守护进程的状态，旧版本还会返回数倍的数据。',
    ),
    fix: text(
      'Add `noquery` and `nomodify` to the default rule.',
      '在默认规则中加上 `noquery` 和 `nomodify`。',
    ),
    bad: `driftfile /var/lib/ntp/drift\nrestrict default kod limited\n${THREE}`,
    good: WHOLE,
    check: (conf) =>
      all(defaults(conf).filter(({ args }) => !args.includes('noquery') && !args.includes('ignore'))),
  },
  {
    code: 'ntp-restrict-ignore',
    subject: 'ntp.conf',
    severity: 'error',
    title: text('answers of the servers are thrown away', '服务器的应答被丢弃'),
    why: text(
      '`restrict default ignore` holds for the servers too: unless each has a rule of its own, ntpd never synchronises.',
      '`restrict default ignore` 对上游服务器同样生效：除非为每个服务器单独写规则，否则 ntpd 永远无法同步。',
    ),
    fix: text(
      'Use `restrict default kod nomodify nopeer noquery limited`.',
      '使用 `restrict default kod nomodify nopeer noquery limited`。',
    ),
    bad: `driftfile /var/lib/ntp/drift\nrestrict default ignore\n${THREE}`,
    good: WHOLE,
    check: (conf) => {
      const ruled = new Set(named(conf, 'restrict').flatMap(({ args }) => args.slice(0, 1)));
      const bare = sources(conf).some(({ name }) => !ruled.has(name));
      return bare && !ruled.has('source')
        ? all(defaults(conf).filter(({ args }) => args.includes('ignore')))
        : [];
    },
  },
  {
    code: 'ntp-panic',
    subject: 'ntp.conf',
    severity: 'warning',
    title: text('any offset is believed', '接受任意大的偏移'),
    why: text(
      '`tinker panic 0` removes the only brake: one wrong server moves the clock by years.',
      '`tinker panic 0` 取消了唯一的保险：一个错误的服务器就能把时钟带偏数年。',
    ),
    fix: text(
      'Remove it; `ntpd -g` allows one large correction at the start.',
      '删除它；`ntpd -g` 允许启动时进行一次大的校正。',
    ),
    bad: `${WHOLE}tinker panic 0\n`,
    good: WHOLE,
    check: (conf) =>
      all(named(conf, 'tinker').filter(({ args }) => Number(valueBehind(args, 'panic')) === 0)),
  },
  {
    code: 'ntp-no-step',
    subject: 'ntp.conf',
    severity: 'warning',
    title: text('the clock is never stepped', '时钟永不跳变'),
    why: text(
      'With `tinker step 0` an offset of one minute is slewed at 500 ppm for more than a day.',
      '使用 `tinker step 0` 时，一分钟的偏移要以 500 ppm 渐调一天以上。',
    ),
    fix: text('Remove it; the default steps above 128 ms.', '删除它；默认在超过 128 毫秒时跳变。'),
    bad: `${WHOLE}tinker step 0\n`,
    good: WHOLE,
    check: (conf) => all(named(conf, 'tinker').filter(({ args }) => Number(valueBehind(args, 'step')) === 0)),
  },
  {
    code: 'ntp-disabled',
    subject: 'ntp.conf',
    severity: 'error',
    title: text('ntpd does not correct the clock', 'ntpd 不校正时钟'),
    why: text('`disable ntp` leaves measuring on and correcting off.', '`disable ntp` 只测量而不校正。'),
    fix: text('Remove the line.', '删除该行。'),
    bad: `${WHOLE}disable ntp\n`,
    good: WHOLE,
    check: (conf) => all(named(conf, 'disable').filter(({ args }) => args.includes('ntp'))),
  },
  {
    code: 'ntp-chrony-directive',
    subject: 'ntp.conf',
    severity: 'error',
    title: text('a directive of chronyd in ntp.conf', 'ntp.conf 中出现了 chronyd 的指令'),
    why: text('ntpd logs a syntax error and goes on without it.', 'ntpd 会记录语法错误并忽略该行。'),
    fix: text('Put it into chrony.conf, or use what ntpd has.', '写到 chrony.conf 中，或改用 ntpd 的写法。'),
    bad: `${WHOLE}makestep 1.0 3\n`,
    good: WHOLE,
    check: (conf) =>
      all(named(conf, 'makestep', 'rtcsync', 'allow', 'deny', 'bindcmdaddress', 'local', 'minsources')),
  },
  {
    code: 'ntp-broadcastclient',
    subject: 'ntp.conf',
    severity: 'warning',
    title: text('time from whoever broadcasts it', '接受任何广播者的时间'),
    why: text('A broadcast can be forged by any machine on the network.', '网络上的任何机器都可以伪造广播。'),
    fix: text('Poll servers by `server NAME iburst`.', '用 `server 名称 iburst` 主动查询服务器。'),
    bad: `${WHOLE}broadcastclient\n`,
    good: WHOLE,
    check: (conf) => all(named(conf, 'broadcastclient', 'multicastclient')),
  },
  {
    code: 'ntp-mixed-smear',
    subject: 'ntp.conf',
    severity: 'error',
    title: text(
      'servers that smear leap seconds beside servers that do not',
      '抹平闰秒与不抹平闰秒的服务器混用',
    ),
    why: text(
      'Around a leap second the two kinds differ by up to half a second.',
      '在闰秒前后，两类服务器最多相差半秒。',
    ),
    fix: text('Use one kind only.', '只使用其中一类。'),
    bad: `${WHOLE}server time1.google.com iburst\n`,
    good: WHOLE,
    check: (conf) => {
      const found = sources(conf);
      const smeared = found.filter(({ name }) => isSmeared(name));
      return smeared.length === found.length ? [] : all(smeared.map(({ directive }) => directive));
    },
  },
];

/** The word behind a name; undefined when it is not there. */
function valueBehind(args: readonly string[], name: string): string | undefined {
  const at = args.indexOf(name);
  return at < 0 ? undefined : args[at + 1];
}
