/** chrony.conf as text → its directives, each with its line. What they mean is for others. */

export interface Directive {
  /** In lower case: chronyd compares names without regard to case. */
  readonly name: string;
  readonly args: readonly string[];
  /** From 1. */
  readonly line: number;
}

export interface ChronyConf {
  readonly directives: readonly Directive[];
  /** The file as it stands, without line ends. */
  readonly lines: readonly string[];
  /** Directives of the files that its `confdir` draws in; null: not known. */
  readonly elsewhere: readonly Directive[] | null;
}

/** Never fails: a line that is nobody's directive is still one. Comments stand on lines of their own, behind one of `# % ; !`. */
export function parseChronyConf(content: string, drawnIn?: readonly string[]): ChronyConf {
  const lines = content.split(/\r?\n/);
  const directives = lines.flatMap((written, index): readonly Directive[] => {
    const [name, ...args] = written.trim().split(/\s+/);
    if (name === undefined || name === '' || /^[#%;!]/.test(name)) return [];
    return [{ name: name.toLowerCase(), args, line: index + 1 }];
  });
  const elsewhere = drawnIn?.flatMap((other) => parseChronyConf(other).directives) ?? null;
  return { directives, lines, elsewhere };
}
