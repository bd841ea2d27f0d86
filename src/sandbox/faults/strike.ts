import type { FaultMatch, SandboxFault } from './SandboxFault';

/** A fault that was set, with how often it was met. */
export interface ActiveFault {
  readonly fault: SandboxFault;
  matched: number;
  struck: number;
  /** When requests were let through, in milliseconds since 1970; of the last second only. */
  let: number[];
}

/** A request as faults look at it. */
export interface Struck {
  readonly service: string;
  readonly action: string;
  readonly account: string;
  readonly cluster?: string;
}

/** What the faults do to one request. */
export interface Strike {
  /** The request fails with it, and is not handled. */
  readonly failure?: Extract<SandboxFault, { kind: 'throttle' | 'server error' | 'denied' }>;
  /** How long the answer is held back, in milliseconds; Infinity: for ever. */
  readonly holdMs: number;
  /** How long what the request changes stays unseen, in milliseconds. */
  readonly lateMs: number;
}

/** Faults as they are set, unmet. */
export function activeFaults(faults: readonly SandboxFault[]): ActiveFault[] {
  return faults.map((fault) => ({ fault, matched: 0, struck: 0, let: [] }));
}

function fits({ service, action, account, cluster }: FaultMatch, struck: Struck): boolean {
  return (
    (service === undefined || service === struck.service) &&
    (action === undefined || action === struck.action) &&
    (account === undefined || account === struck.account) &&
    (cluster === undefined || cluster === struck.cluster)
  );
}

function isOverRate(active: ActiveFault, perSecond: number, now: number): boolean {
  active.let = active.let.filter((at) => at > now - 1000);
  if (active.let.length >= perSecond) return true;
  active.let.push(now);
  return false;
}

function strikes(active: ActiveFault, request: Struck, now: number): boolean {
  const { fault } = active;
  const { times = Infinity, every = 1 } = fault;
  if (!fits(fault, request)) return false;
  active.matched += 1;
  if (active.matched % every !== 0 || active.struck >= times) return false;
  if (fault.kind === 'throttle' && fault.perSecond !== undefined && !isOverRate(active, fault.perSecond, now)) {
    return false;
  }
  active.struck += 1;
  return true;
}

/** What the faults that are set do to a request at a time, and counts it. The first failure counts; delays take the longest. */
export function strike(faults: readonly ActiveFault[], request: Struck, time: Date): Strike {
  let result: Strike = { holdMs: 0, lateMs: 0 };
  for (const active of faults) {
    if (!strikes(active, request, time.getTime())) continue;
    const { fault } = active;
    if (fault.kind === 'hang') result = { ...result, holdMs: Math.max(result.holdMs, fault.ms ?? Infinity) };
    else if (fault.kind === 'late') result = { ...result, lateMs: Math.max(result.lateMs, fault.ms) };
    else result = { failure: fault, ...result };
  }
  return result;
}
