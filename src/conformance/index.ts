/**
 * conformance: what every store has to do, as cases that are data and know no test runner. It decides what counts as proof;
 * whoever runs the cases brings a maker of stores and a hasher, and gets results back.
 */
export { expectEqual, expectRefusal, expectTrue, UnmetExpectation } from './expect.ts';
export { type CaseResult, runStoreCase, runStoreCases } from './store/run-store-cases.ts';
export type { StoreCase, StoreContext, StoreMaker, StorePlace } from './store/store-case.ts';
export { allStoreCases } from './store/store-cases.ts';
