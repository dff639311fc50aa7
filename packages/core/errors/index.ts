export {
  type ErrorCode,
  type ErrorRow,
  errorTable,
  OperatorError,
  type OperatorErrorDetails,
} from './table.ts';
