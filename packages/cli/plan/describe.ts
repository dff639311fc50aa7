import type { Action, Correction } from '@clockwarden/core/configure';
import { formatDuration, type Text, text } from '@clockwarden/core/text';

/**
 * An action in a few words, without its reason.
 * @param isRunning the unit that it configures is known to run, so that it will be restarted
 */
export function describeAction(action: Action, isRunning = false): Text {
  switch (action.kind) {
    case 'fetch-packages':
      return text(`fetch ${action.packages.join(', ')}`, `取回 ${action.packages.join('、')}`);
    case 'install-package':
      return action.removes.length === 0
        ? text(`install ${action.package}`, `安装 ${action.package}`)
        : text(
            `install ${action.package}, which removes ${action.removes.join(', ')}`,
            `安装 ${action.package}，并移除 ${action.removes.join('、')}`,
          );
    case 'remove-package':
      return text(`remove ${action.package}`, `移除 ${action.package}`);
    case 'configure-daemon': {
      const paths = action.files.map(({ path }) => path);
      const restart = isRunning
        ? text(`restart ${action.unit}`, `重启 ${action.unit}`)
        : text(`restart ${action.unit} if it runs`, `若 ${action.unit} 在运行则重启`);
      return text(
        `write ${paths.join(', ')}; ${restart.en}`,
        `写入 ${paths.join('、')}；${restart['zh-CN']}`,
      );
    }
    case 'set-units':
      return describeHandOver(action);
    case 'put-file':
      return action.state.kind === 'absent'
        ? text(`remove ${action.path}`, `删除 ${action.path}`)
        : text(`write ${action.path}`, `写入 ${action.path}`);
    case 'open-firewall':
      return text(
        `open UDP 123 in ${action.backend} for ${action.networks.join(', ')}`,
        `在 ${action.backend} 中为 ${action.networks.join('、')} 放行 UDP 123`,
      );
    case 'close-firewall':
      return text(
        `close UDP 123 in ${action.backend} for ${action.networks.join(', ')}`,
        `在 ${action.backend} 中为 ${action.networks.join('、')} 关闭 UDP 123`,
      );
    case 'resync':
      return text(`let ${action.daemon} measure and step now`, `让 ${action.daemon} 立即测量并跳变`);
  }
}

function describeHandOver(action: Extract<Action, { kind: 'set-units' }>): Text {
  const units = Object.entries(action.units);
  const leaving = units.flatMap(([unit, state]) => (state.active ? [] : [unit]));
  const coming = units.flatMap(([unit, state]) => (state.active ? [unit] : []));
  const en = [
    ...(leaving.length === 0 ? [] : [`stop and disable ${leaving.join(', ')}`]),
    ...(coming.length === 0 ? [] : [`enable and start ${coming.join(', ')}`]),
  ];
  const zh = [
    ...(leaving.length === 0 ? [] : [`停止并禁用 ${leaving.join('、')}`]),
    ...(coming.length === 0 ? [] : [`启用并启动 ${coming.join('、')}`]),
  ];
  return text(en.join('; '), zh.join('；'));
}

/** Whether a daemon that corrects the clock may start anew: only then is the clock corrected otherwise than until now. */
export function startsDaemon({ kind }: Action): boolean {
  return (
    kind === 'install-package' || kind === 'configure-daemon' || kind === 'set-units' || kind === 'resync'
  );
}

/** What happens to a clock when its daemon starts with the new configuration. */
export function describeCorrection(correction: Correction): Text {
  switch (correction.kind) {
    case 'none':
      return text('nothing to correct', '无需校正');
    case 'slew': {
      const left = formatDuration(correction.durationSeconds);
      return text(`will be slewed, for about ${left}`, `将渐调，约 ${left}`);
    }
    case 'step':
      return correction.backwards
        ? text('will be stepped backwards', '将向后跳变')
        : text('will be stepped forwards', '将向前跳变');
    case 'unknown':
      return text(
        `whether it will be stepped cannot be told: ${correction.why.en}`,
        `无法判断是否会跳变：${correction.why['zh-CN']}`,
      );
  }
}
