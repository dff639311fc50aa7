/** What tools print: lines, labels, quantities. */
export { assignment, type Labelled, labelled, labelledValues, outputLines } from './lines.ts';
export { parseCount, parseNumber, parseSeconds, parseUtcDate } from './quantities.ts';
