/** Ansible's INI inventory (kubeasz's `hosts` is one) as text → groups, hosts and variables. */
import { text } from '../text/index.ts';
import {
  addHosts,
  emptyDraft,
  groupOf,
  type InventoryDraft,
  type Place,
  problem,
  setGroupVariable,
  type Variables,
} from './draft.ts';
import { pythonLiteral } from './literal.ts';
import { shellWords } from './words.ts';

type Section = 'hosts' | 'children' | 'vars';

const SECTION = /^\[([^:\]\s]+)(?::(\w+))?\]\s*(?:#.*)?$/;
const IPV6_LITERAL = /^\[[0-9A-Fa-f.]*:[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*\]$/;
const GROUP_NAME = /^([^:\]\s]+)\s*(?:#.*)?$/;

/** What is read, and all that is wrong in `problems`; a bad line takes no other with it. `where` names the file. */
export function readIniInventory(content: string, where: string): InventoryDraft {
  const draft = emptyDraft(where);
  /** Groups that were declared, and the first place where an undeclared one is used. */
  const declared = new Set(['all', 'ungrouped']);
  const used = new Map<string, Place>();
  let group = 'ungrouped';
  let section: Section | null = 'hosts';
  for (const [index, written] of content.split(/\r\n|\r|\n/).entries()) {
    const line = written.trim();
    const place = { where, line: index + 1 };
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue;
    if (SECTION.test(line) || (line.startsWith('[') && line.endsWith(']') && !IPV6_LITERAL.test(line))) {
      const header = SECTION.exec(line);
      group = header?.[1] ?? '';
      section = sectionOf(header, draft, place, line);
      if (section === null) continue;
      groupOf(draft, group, place);
      if (section !== 'vars') declared.add(group);
      else if (!used.has(group)) used.set(group, place);
    } else if (section === 'hosts') {
      hostLine(draft, group, line, place);
    } else if (section === 'vars') {
      variableLine(draft, group, line, place);
    } else if (section === 'children') {
      const child = childLine(draft, group, line, place);
      if (child !== null && !used.has(child)) used.set(child, place);
    }
  }
  for (const [name, place] of used) {
    if (!declared.has(name)) {
      problem(draft, place, text(`there is no group \`${name}\``, `没有名为 \`${name}\` 的组`));
    }
  }
  return draft;
}

/** Null: lines below belong nowhere, so they are not complained about one by one. */
function sectionOf(
  header: RegExpExecArray | null,
  draft: InventoryDraft,
  place: Place,
  line: string,
): Section | null {
  const kind = header?.[2] ?? 'hosts';
  if (header !== null && (kind === 'hosts' || kind === 'children' || kind === 'vars')) return kind;
  const short = line.slice(0, 80);
  problem(
    draft,
    place,
    text(
      `\`${short}\` is no section: [group], [group:children] or [group:vars] is wanted, without spaces`,
      `\`${short}\` 不是合法的段：应为 [组]、[组:children] 或 [组:vars]，不含空格`,
    ),
  );
  return null;
}

function hostLine(draft: InventoryDraft, group: string, line: string, place: Place): void {
  const words = shellWords(line, { comments: true });
  if (words === null) {
    problem(draft, place, text('a quote is not closed on this line', '本行有未闭合的引号'));
    return;
  }
  const [pattern, ...assignments] = words;
  if (pattern === undefined) return;
  const variables: Variables = new Map();
  for (const assignment of assignments) {
    const equals = assignment.indexOf('=');
    if (equals < 1) {
      const short = assignment.slice(0, 80);
      problem(
        draft,
        place,
        text(
          `\`${short}\`: after a host only key=value is allowed`,
          `\`${short}\`：主机之后只允许 key=value`,
        ),
      );
    } else {
      const value = pythonLiteral(assignment.slice(equals + 1));
      variables.set(assignment.slice(0, equals), { value, place });
    }
  }
  addHosts(draft, group, pattern, variables, place);
}

function variableLine(draft: InventoryDraft, group: string, line: string, place: Place): void {
  const equals = line.indexOf('=');
  if (equals < 1) {
    const short = line.slice(0, 80);
    problem(
      draft,
      place,
      text(
        `\`${short}\`: key=value is wanted in [${group}:vars]`,
        `\`${short}\`:[${group}:vars] 中应为 key=value`,
      ),
    );
    return;
  }
  setGroupVariable(groupOf(draft, group, place), line.slice(0, equals).trim(), {
    value: pythonLiteral(line.slice(equals + 1)),
    place,
  });
}

function childLine(draft: InventoryDraft, group: string, line: string, place: Place): string | null {
  const child = GROUP_NAME.exec(line)?.[1];
  if (child === undefined) {
    const short = line.slice(0, 80);
    problem(draft, place, text(`\`${short}\`: the name of a group is wanted`, `\`${short}\`：此处应为组名`));
    return null;
  }
  groupOf(draft, group, place).children.add(child);
  groupOf(draft, child, place);
  return child;
}
