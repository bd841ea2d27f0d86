import { type AssumeRoleAttempt, decideAssumeRole } from './decideAssumeRole';
import type { DecidingCondition, Decision, NamedPolicy } from './Decision';
import { accountRootOf, type HopRequest } from './credentialRequests';

/**
 * Whether a caller gets a session of a role. There are three results, and no boolean: code that reads it has to say what it does where the
 * answer depends on what is not known of the request.
 */
export type Access<Denied = readonly Decision[]> =
  | { readonly result: 'allowed' }
  | {
      readonly result: 'denied';
      /** The denied actions, with the reason. */
      readonly denied: Denied;
    }
  | {
      readonly result: 'depends';
      /** The conditions that decide, each once. */
      readonly dependsOn: readonly DecidingCondition[];
    };

/** Decides all actions that an attempt needs. */
export function accessOf(attempt: AssumeRoleAttempt): Access {
  const { result, assume, tagSession } = decideAssumeRole(attempt);
  const decisions = tagSession === undefined ? [assume] : [assume, tagSession];
  switch (result) {
    case 'allowed':
      return { result };
    case 'denied':
      return { result, denied: decisions.filter((one) => !one.allowed && one.dependsOn === undefined) };
    case 'depends':
      return { result, dependsOn: eachOnce(decisions.flatMap(({ dependsOn = [] }) => dependsOn)) };
  }
}

/** Conditions, each once: two actions can depend on the same one. */
export function eachOnce(conditions: readonly DecidingCondition[]): readonly DecidingCondition[] {
  return [...new Map(conditions.map((one) => [conditionId(one), one])).values()];
}

function conditionId({ operator, key, wanted, of: { policy, index } }: DecidingCondition): string {
  return JSON.stringify([policy, index, operator, key, wanted]);
}

/**
 * Whether two results agree: both allowed, both denied, or both dependent on the same conditions. In which policy a condition stands does not matter: two
 * versions of a document are compared so.
 */
export function isSameAccess(one: Access<unknown>, other: Access<unknown>): boolean {
  if (one.result !== 'depends' || other.result !== 'depends') return one.result === other.result;
  const texts = ({ dependsOn }: typeof one) =>
    dependsOn.map(({ operator, key, wanted, of }) =>
      JSON.stringify([of.statement.Effect, operator, key.toLowerCase(), wanted.toSorted()]),
    );
  return [...new Set(texts(one))].toSorted().join() === [...new Set(texts(other))].toSorted().join();
}

/**
 * The access of a caller that can choose a part of its request. `usual`: by what it sends by itself; where that is denied, `chosen` decides whether another choice
 * would be allowed: that is not known, and never a denial.
 */
export function withChoice<Denied>(usual: Access<Denied>, chosen: () => Access<Denied>): Access<Denied> {
  if (usual.result !== 'denied') return usual;
  const other = chosen();
  return other.result === 'depends' ? other : usual;
}

/** The denied actions of a hop by the policy that has to allow them. */
export interface DeniedHop {
  /** By the permissions of the session's role. */
  readonly source: readonly Decision[];
  /** By the trust policy of the requested role. */
  readonly target: readonly Decision[];
}

/** Decides a hop as a whole. Where it is denied, each end is decided by itself, so that the answer names both ends where both deny. */
export function hopAccessOf(request: HopRequest): Access<DeniedHop> {
  const whole = accessOf(request);
  if (whole.result !== 'denied') return whole;
  // A trust policy of the same account that names the role itself needs no permission: the whole decides, its ends explain.
  const deniedBy = (part: Partial<HopRequest>) => {
    const end = accessOf({ ...request, ...part });
    return end.result === 'denied'
      ? end.denied.filter(({ action }) => whole.denied.some((one) => one.action === action))
      : [];
  };
  const trust: NamedPolicy = {
    name: ALLOW_ALL.name,
    document: {
      Statement: { Effect: 'Allow', Principal: { AWS: accountRootOf(request.caller.roleArn) }, Action: '*' },
    },
  };
  return {
    result: 'denied',
    denied: { source: deniedBy({ trust }), target: deniedBy({ callerPolicies: { identity: [ALLOW_ALL] } }) },
  };
}

/** A policy that leaves the decision to the other end. */
const ALLOW_ALL: NamedPolicy = {
  name: 'allow everything',
  document: { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } },
};
