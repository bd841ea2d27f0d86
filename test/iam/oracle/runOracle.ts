import {
  createValidatedPolicy,
  validateIdentityPolicy,
  validateResourcePolicy,
  validateTrustPolicy,
} from '@cloud-copilot/iam-policy';
import { anonymousPrincipal, runUnsafeSimulation } from '@cloud-copilot/iam-simulate';
import { sessionArn } from '../../../src/iam/Arn';
import type { NamedPolicy } from '../../../src/iam/Decision';
import { principalContext } from '../../../src/iam/requestContext';
import type { Caller } from '../../../src/iam/Request';
import type { Case } from './Case';

type OraclePrincipal = Parameters<typeof runUnsafeSimulation>[0]['request']['principal'];

function principalOf(caller: Caller): OraclePrincipal {
  switch (caller.kind) {
    case 'service':
      return caller.service;
    case 'federated':
      return caller.provider;
    case 'account':
    case 'user':
      return caller.arn;
    case 'role':
      return caller.roleArn;
    case 'session':
      return sessionArn(caller.roleArn, caller.sessionName);
    case 'anonymous':
      return anonymousPrincipal;
  }
}

function load(policy: NamedPolicy, validate: (policy: unknown) => ReturnType<typeof validateTrustPolicy>): unknown {
  return createValidatedPolicy(policy.document, validate, { name: policy.name });
}

/**
 * Puts a case to the oracle. It is given the keys that the caller implies, since it derives none itself.
 * @returns whether it allows
 * @throws Error when the oracle takes one of the documents for malformed: such a case compares nothing
 */
export function runOracle({ request, policies }: Case): boolean {
  const context = { ...principalContext(request), ...request.context };
  const trust = request.action.toLowerCase().startsWith('sts:');
  const { identity = [], boundary, resource } = policies;
  const result = runUnsafeSimulation(
    {
      request: {
        principal: principalOf(request.caller),
        action: request.action,
        resource: { resource: request.resource, accountId: request.resourceAccount },
        contextVariables: Object.fromEntries(
          Object.entries(context).map(([key, value]) => [key, typeof value === 'string' ? value : [...value]]),
        ),
      },
      identityPolicies: identity.map((policy) => ({ name: policy.name, policy: load(policy, validateIdentityPolicy) })),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      ...(resource && { resourcePolicy: load(resource, trust ? validateTrustPolicy : validateResourcePolicy) }),
      ...(boundary && {
        permissionBoundaryPolicies: [{ name: boundary.name, policy: load(boundary, validateIdentityPolicy) }],
      }),
    },
    {},
  );
  return result === 'Allowed';
}
