export { askAccess } from './accheck.ts';
export { jobDigest, type OpenedAgent, openAgent } from './agent-session.ts';
export { type GatheredFacts, gatherFacts } from './facts.ts';
export { type ControlPlaneHealth, type Health, healthOf } from './health.ts';
export { readJob } from './job.ts';
export { type NodeLogins, openLogins } from './logins.ts';
export type { AgentJob, NodeAgent, StepResult } from './node-agent.ts';
export {
  type PlanDocument,
  type PlanDocumentNode,
  readPlan,
  writePlan,
} from './plan-file.ts';
export { askPtpPorts } from './ptp-ports.ts';
