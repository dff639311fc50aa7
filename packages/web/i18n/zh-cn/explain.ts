import type { Messages } from '../en/index.ts';

export const explain: Pick<Messages, 'explain'> = {
  explain: {
    title: '粘贴工具的输出，看它说明什么',
    label: 'chronyc、timedatectl、adjtimex、ntpq -p 或 ntpdate -q 的输出',
    about: '可以连续粘贴多段输出，中间夹有提示符也无妨。内容不会离开本浏览器。',
    nothing: '还没有粘贴内容',
    try: '在节点上执行其中一条，并粘贴其输出：',
    found: '识别出 {{outputs}} 段输出，得出 {{conclusions}} 条结论',
    unknown: '没有可识别的内容',
    unknownAbout: '这些行不像任何此处能理解的工具输出。',
    conclusions: '专家的结论',
    lines: '第 {{first}}–{{last}} 行',
    notUnderstood: '未能理解的行',
    importance: { good: '良好', attention: '注意', problem: '问题' },
  },
};
