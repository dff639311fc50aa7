import type { NodeOutcome } from '@clockwarden/core/configure';
import { type Text, text } from '@clockwarden/core/text';

/** How each outcome is called; docs/reference/cli.md says what each means. */
export const outcomeWords: Readonly<Record<NodeOutcome['outcome'], Text>> = {
  synchronized: text('synchronized', '已同步'),
  'local-only': text('local-only', '仅本地'),
  reachable: text('reachable', '可达'),
  running: text('running', '运行中'),
  written: text('written', '已写入'),
  'not-written': text('not written', '未写入'),
  'foreign-source': text('foreign source', '外来时间源'),
  contested: text('contested', '多个守护进程'),
  contradicted: text('contradicted', '与他方矛盾'),
  misserving: text('misserving', '服务有误'),
  unreached: text('not reached', '无法到达'),
  'timed-out': text('timed out', '超时'),
};
