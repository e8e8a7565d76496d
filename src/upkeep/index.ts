/**
 * upkeep: what is wrong with a store, what of it can be put right, and which logs may go. Receives a look at the rows from an
 * adapter and logs from app, hands findings, reasons and a report back; history itself is never changed here.
 */
export { type DoctorOptions, type DoctorReport, examineStore } from './doctor/doctor.ts';
export type { DoctorProgress } from './doctor/examine.ts';
export type { Finding, FindingCode, FindingCounts, Severity } from './doctor/finding.ts';
export { withArtifacts, withoutArtifacts } from './doctor/look-at-artifacts.ts';
export { portRows } from './doctor/port-rows.ts';
export { canBePinned, pin, pinOf, pinRecord, unpin } from './retention/pins.ts';
export { type KeptLog, planRetention, type RetentionPlan } from './retention/plan-retention.ts';
export type { Candidate, KeptReason, RetentionPolicy } from './retention/policy.ts';
