/** Something the person at the keyboard can mend: printed as one message, without a stack. Everything else is a bug. */
export class LabProblem extends Error {
  override readonly name = 'LabProblem';
}
