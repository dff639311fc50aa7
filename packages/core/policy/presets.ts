/** Ready-made answers to "whom do we follow?". What the file says goes before them, key by key. */
import type { TimesyncConfig } from './timesync.ts';

export const presetNames = ['public', 'public-cn', 'island'] as const;
export type PresetName = (typeof presetNames)[number];

export interface Preset {
  readonly timezone: string | null;
  readonly timesync: Partial<TimesyncConfig>;
}

export const presets: Readonly<Record<PresetName, Preset>> = {
  /**
   * Four operators in four countries, each with its own reference, none known to smear leap seconds: smeared and
   * unsmeared servers differ by up to half a second on the day of a leap second and must not be mixed. All four speak NTS.
   */
  public: {
    timezone: null,
    timesync: {
      upstreams: ['time.cloudflare.com', 'ptbtime1.ptb.de', 'nts.netnod.se', 'ntppool1.time.nl'],
    },
  },
  /** The national time service, two clouds and the pool's Chinese zone: reachable and near inside China. */
  'public-cn': {
    timezone: 'Asia/Shanghai',
    timesync: { upstreams: ['ntp.ntsc.ac.cn', 'ntp.aliyun.com', 'ntp.tencent.com', 'cn.pool.ntp.org'] },
  },
  island: { timezone: null, timesync: { topology: 'island', upstreams: [], fallback: [] } },
};
