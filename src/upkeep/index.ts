/**
 * upkeep: what is wrong with a store, and what of it can be put right. Receives a look at the rows from an adapter, hands findings
 * and a report back; history itself is never changed here.
 */
export { type DoctorOptions, type DoctorReport, examineStore } from './doctor/doctor.ts';
export type { DoctorProgress } from './doctor/examine.ts';
export type { Finding, FindingCode, FindingCounts, Severity } from './doctor/finding.ts';
export { portRows } from './doctor/port-rows.ts';
