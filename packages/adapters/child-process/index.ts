export {
  type ProgramEnd,
  type ProgramOptions,
  type RunningProgram,
  runProgram,
  startProgram,
} from './program.ts';
