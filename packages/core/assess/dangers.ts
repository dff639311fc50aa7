/**
 * What an offset of a given size breaks, and from where on. Sources: Kubernetes claims.go and go-jose (60 s of leeway
 * on nbf and exp), etcd rafthttp (warns above 1 s), x509 notBefore (kubeadm backdates the certificates it signs by 0 s).
 */
import { type Text, text } from '../text/index.ts';

/** Null below a second: order of log lines may suffer, nothing breaks. */
export function dangerOfOffset(seconds: number): Text | null {
  const size = Math.abs(seconds);
  if (size >= 60) {
    return text(
      'ServiceAccount tokens answer 401 behind several apiservers, fresh certificates are not yet valid, logs and metrics are misplaced.',
      '多个 apiserver 下 ServiceAccount 令牌返回 401，新签发的证书尚未生效，日志和指标时间错位。',
    );
  }
  if (size >= 29) {
    return text(
      'Another node as far off on the other side makes ServiceAccount tokens fail (60 s between two apiservers); Prometheus samples land outside their window.',
      '若另一节点反向偏移同样多，ServiceAccount 令牌就会失效(两个 apiserver 相差 60 s);Prometheus 样本会落在窗口之外。',
    );
  }
  if (size >= 1) {
    return text(
      'etcd warns of peers more than 1 s apart; events, logs and traces are out of order across nodes.',
      'etcd 会对相差超过 1 s 的成员发出警告；跨节点的事件、日志和追踪次序错乱。',
    );
  }
  return null;
}

export const dangerOfFreeRunning = text(
  'Left alone a clock drifts by about a second a day.',
  '无人校正的时钟每天约漂移一秒。',
);
