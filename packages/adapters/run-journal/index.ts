/** What the operator's machine keeps of each run. */
export {
  createRunJournal,
  isRunId,
  type JournalEntry,
  type RunJournal,
  reopenRunJournal,
  type StoredRun,
  storedRuns,
} from './run-journal.ts';
