export type { GateResult } from './gate';
