/** What tools print: lines, labels, quantities. */
export { assignment, type Labelled, labelled, labelledValues, outputLines } from './lines.ts';
export { formatUtc, parseCount, parseNumber, parseSeconds, parseUtcDate } from './quantities.ts';
