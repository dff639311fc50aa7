/** NTP as a client speaks it: packets, the exchange with one server, what its answers mean (RFC 5905, RFC 4330). */
export { type Agreement, agreementOf } from './agreement.ts';
export {
  createExchange,
  type Dropped,
  type ExchangeAction,
  type ExchangeEvent,
  type ExchangeOutcome,
  type ExchangePlan,
  type ExchangeState,
  type NetworkProblem,
  type Stamp,
  stepExchange,
} from './exchange.ts';
export { failureOf, unresolvedFailure } from './failure.ts';
export {
  type Comparison,
  compareServers,
  type Fitness,
  type FitnessReason,
  type MeasuredServer,
  type QueriedServer,
} from './fitness.ts';
export { goodManners, type Manners, mannersAfter, questionsAllowed } from './manners.ts';
export { encodePacket, HEADER_LENGTH } from './packet.ts';
export { type Answer, type AnswerOutcome, type Asked, clockOf, readingOf } from './reading.ts';
export { reportOf, type ServerReport } from './report.ts';
export { middleOf, offsetOf, type Sample } from './sample.ts';
export { NTP_PORT, parseHostPort, parseServerName, type ServerName, serverText } from './server-name.ts';
