/** How a node's scripts print the sections of core/node-report/report.ts, in shell and in perl. The marker is in `mark`. */

/**
 * sh. `say NAME` opens a section, `ran` closes it with the status of what went before, and returns that. `has PROGRAM`: is
 * it there?
 */
export const shellFrame = `
say() {
  printf '\\n%s %s\\n' "$mark" "$1"
}
ran() {
  status=$?
  printf '\\n%s =%s\\n' "$mark" "$status"
  return $status
}
has() {
  command -v "$1" >/dev/null
}
`;

/** perl, with the status given to `ran`. The marker comes in the environment, which no other user may read; arguments are seen by all. */
export const perlFrame = `
sub say { print "\\n$ENV{mark} $_[0]\\n" }
sub ran { print "\\n$ENV{mark} =$_[0]\\n" }
`;
