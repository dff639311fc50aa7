/**
 * A guide as a program. In docs/guides, a block ```` ```yaml clockwarden.yaml ```` is a file to write, and a block
 * ```` ```console ```` holds commands (`$ …`) that are run in order, whose sample output is not compared. A comment
 * `<!-- exit 1 -->` before a block names the exit code that its last command ends with; all others end with 0.
 * `<!-- on node1 -->`: the commands are typed on that node.
 */

export type GuideStep =
  | { readonly kind: 'file'; readonly name: string; readonly content: string }
  | {
      readonly kind: 'commands';
      readonly commands: readonly string[];
      readonly exitCode: number;
      /** Where they are typed; null: on the operator's machine. */
      readonly node: string | null;
    };

const block = /(?:<!-- (?:exit (\d+)|on (\S+)) -->\n)?^```(\S+)(?: (\S+))?\n([\s\S]*?)^```$/gm;

export function stepsOf(markdown: string): readonly GuideStep[] {
  return [...markdown.matchAll(block)].flatMap((match): readonly GuideStep[] => {
    const [, exitCode, node, language, name, content = ''] = match;
    if (language === 'console') {
      const commands = content.split('\n').flatMap((line) => (line.startsWith('$ ') ? [line.slice(2)] : []));
      return [{ kind: 'commands', commands, exitCode: Number(exitCode ?? 0), node: node ?? null }];
    }
    return name === undefined ? [] : [{ kind: 'file', name, content }];
  });
}
