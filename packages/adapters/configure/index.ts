export { type GatheredFacts, gatherFacts } from './facts.ts';
export {
  type PlanDocument,
  type PlanDocumentNode,
  readPlan,
  writePlan,
} from './plan-file.ts';
