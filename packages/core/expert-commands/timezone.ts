import { change, type ExpertCommand, type Family, read } from './command.ts';

/** The zone belongs to the machine, not to its time daemon. */
export function timezoneCommands(family: Family): readonly ExpertCommand[] {
  return [
    read("timedatectl | grep 'Time zone'", 'the zone in effect', '当前生效的时区'),
    read(
      'ls -l /etc/localtime && readlink -e /etc/localtime',
      'is it a link into zoneinfo, and does the link lead anywhere',
      '它是否是指向 zoneinfo 的链接，链接是否有效',
    ),
    ...(family === 'debian'
      ? [
          read(
            'cat /etc/timezone',
            'Debian’s second copy of the name; it may disagree',
            'Debian 中时区名的另一份副本，可能不一致',
          ),
        ]
      : []),
    read('date +%Z%z', 'the abbreviation and the distance from UTC now', '时区缩写和当前与 UTC 的差'),
    change(
      'timedatectl set-timezone Asia/Shanghai',
      'set it (put in your zone); programs that already run keep the old one until restarted',
      '设置时区(请替换为所需时区)；已运行的程序重启后才会生效',
    ),
  ];
}
