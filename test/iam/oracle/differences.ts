import { splitArn } from '../../../src/iam/Arn';
import { timeOf } from '../../../src/iam/conditions/operators';
import { principalContext } from '../../../src/iam/requestContext';
import type { Case } from './Case';
import {
  anyComparison,
  anyResource,
  comparisonsOf,
  foundValues,
  policiesOf,
  resourceType,
  statementsOf,
} from './comparisons';

/** Where the oracle and AWS's documentation part, and which cases that may touch. */
export interface Difference {
  readonly name: string;
  readonly reason: string;
  readonly source: string;
  readonly touches: (one: Case) => boolean;
}

const GUIDE = 'https://docs.aws.amazon.com/IAM/latest/UserGuide';

const NEGATED = /Not(Equals|Like)|NotIpAddress/;

/** The forms of value that an operator can compare at all. */
const READABLE: Readonly<Record<string, (value: string) => boolean>> = {
  Arn: (value) => splitArn(value) !== undefined,
  Date: (value) => !Number.isNaN(timeOf(value)),
  Numeric: (value) => !Number.isNaN(Number(value)),
  IpAddress: (value) => value !== 'nowhere',
};

function isUnreadable(operator: string, value: string): boolean {
  return Object.entries(READABLE).some(([part, reads]) => operator.includes(part) && !reads(value));
}

/** Whether a text has a variable with no default that the request has no value for. */
function hasNullVariable(text: string, { request }: Case): boolean {
  const keys = Object.keys({ ...principalContext(request), ...request.context }).map((key) => key.toLowerCase());
  return [...text.matchAll(/\$\{([^},]+)\}/g)].some(
    ([, key = '']) => key.length > 1 && !keys.includes(key.toLowerCase()),
  );
}

export const DIFFERENCES: readonly Difference[] = [
  {
    name: 'negated operator, value of the wrong form',
    reason:
      'ArnNotLike of a text that is no ARN, NumericNotEquals of one that is no number: nothing matches, so the negation holds; the oracle lets it fail',
    source: `${GUIDE}/reference_policies_elements_condition_operators.html`,
    touches: anyComparison(
      (one) =>
        NEGATED.test(one.operator) &&
        [...foundValues(one), ...one.wanted].some((value) => isUnreadable(one.operator, value)),
    ),
  },
  {
    name: 'root user',
    reason: "the account's root user needs no identity policy; the oracle asks for one",
    source: `${GUIDE}/reference_policies_evaluation-logic_policy-eval-denyallow.html`,
    touches: ({ request }) => request.caller.kind === 'account' && !request.action.startsWith('sts:'),
  },
  {
    name: 'role or key without a policy of its own',
    reason: 'trust and key policies must allow; the oracle leaves an absent one out of account',
    source: `${GUIDE}/reference_policies_evaluation-logic_policy-eval-denyallow.html`,
    touches: ({ request, policies }) => policies.resource === undefined && /^(sts|kms):/.test(request.action),
  },
  {
    name: 'policy variables before 2012-10-17',
    reason: 'they are plain text there; the oracle replaces them',
    source: `${GUIDE}/reference_policies_variables.html`,
    touches: (one) =>
      policiesOf(one).some(
        ({ document }) => document.Version !== '2012-10-17' && JSON.stringify(document).includes('${'),
      ),
  },
  {
    name: 'negated operator, variable without a value',
    reason: 'the variable is null and equals nothing, so the negation holds; the oracle lets it fail',
    source: `${GUIDE}/reference_policies_variables.html#policy-vars-no-value`,
    touches: (one) =>
      comparisonsOf(one).some(
        ({ operator, wanted }) => NEGATED.test(operator) && wanted.some((value) => hasNullVariable(value, one)),
      ),
  },
  {
    name: 'special characters as variables in StringEquals',
    reason: '`${*}` is the asterisk wherever variables can be used; the oracle knows it under StringLike only',
    source: `${GUIDE}/reference_policies_variables.html#policy-vars-specialchars`,
    touches: anyComparison(
      ({ operator, wanted }) =>
        /String(Not)?Equals/.test(operator) && wanted.some((value) => /\$\{[*?$]\}/.test(value)),
    ),
  },
  {
    name: 'variable in the head of an ARN under Arn operators',
    reason:
      'only in Resource is a variable bound to the part after the fifth colon; the oracle replaces none before it',
    source: `${GUIDE}/reference_policies_elements_condition_operators.html#Conditions_ARN`,
    touches: anyComparison(
      ({ operator, wanted }) =>
        operator.includes('Arn') && wanted.some((value) => value.split(':').slice(0, 5).join(':').includes('${')),
    ),
  },
  {
    name: 'forms of time',
    reason: 'a year alone is a time, and so are seconds since 1970; the oracle reads both otherwise',
    source: `${GUIDE}/reference_policies_elements_condition_operators.html#Conditions_Date`,
    touches: anyComparison(
      ({ operator, wanted }) => operator.includes('Date') && wanted.some((value) => /^\d+$/.test(value)),
    ),
  },
  {
    name: 'several values without a set operator',
    reason:
      'not specified; here a positive operator wants one of the values and a negated one all; the oracle lets both fail',
    source: `${GUIDE}/reference_policies_condition-single-vs-multi-valued-context-keys.html`,
    touches: anyComparison(
      ({ operator, found }) => Array.isArray(found) && !operator.includes(':') && operator !== 'Null',
    ),
  },
  {
    name: 'empty values under a set operator',
    reason: 'values that are all empty are a null data set, as if the key were absent; the oracle compares them',
    source: `${GUIDE}/reference_policies_multi-value-conditions.html`,
    touches: anyComparison(
      (one) => one.operator.includes(':') && one.found !== undefined && foundValues(one).every((value) => value === ''),
    ),
  },
  {
    name: 'empty list under Null',
    reason: 'a key with no value is absent; the oracle takes it for present',
    source: `${GUIDE}/reference_policies_elements_condition_operators.html#Conditions_Null`,
    touches: anyComparison((one) => one.found !== undefined && foundValues(one).length === 0),
  },
  {
    name: 'wildcard at the end of an ARN segment',
    reason: 'it can reach over colons; the oracle lets it do so at the very end only',
    source: `${GUIDE}/reference_policies_elements_resource.html`,
    touches: anyResource((resource) => resource.includes('*:')),
  },
  {
    name: 'wildcard in the type of a resource',
    reason:
      'documented as invalid, not as matching nothing; here it is a wildcard like any other, so that a Deny reaches further; the oracle matches nothing',
    source: `${GUIDE}/reference_identifiers.html`,
    touches: anyResource((resource) => /[*?]/.test(resourceType(resource))),
  },
  {
    name: 'NotResource, variable without a value',
    reason: 'such a pattern matches no resource, so NotResource reaches every one; the oracle takes the statement out',
    source: `${GUIDE}/reference_policies_variables.html#policy-vars-no-value`,
    touches: (one) =>
      policiesOf(one)
        .flatMap(statementsOf)
        .some(({ NotResource = [] }) => [NotResource].flat().some((resource) => hasNullVariable(resource, one))),
  },
  {
    name: 'IPv4 range of prefix 0',
    reason: 'it holds every IPv4 address; in the oracle it holds none',
    source: `${GUIDE}/reference_policies_elements_condition_operators.html#Conditions_IPAddress`,
    touches: anyComparison(({ operator, wanted }) => operator.includes('IpAddress') && wanted.includes('0.0.0.0/0')),
  },
  {
    name: 'IPv6 caller against a single IPv4 address',
    reason: 'it is another address, so NotIpAddress holds, as it does for an IPv4 range; the oracle lets it fail',
    source: `${GUIDE}/reference_policies_elements_condition_operators.html#Conditions_IPAddress`,
    touches: anyComparison(
      (one) =>
        one.operator.includes('NotIpAddress') &&
        foundValues(one).some((found) => found.includes(':')) &&
        one.wanted.some((address) => !/[:/]/.test(address)),
    ),
  },
  {
    name: 'numbers with an exponent',
    reason: 'documented are integers and decimals; the oracle reads some of the rest',
    source: `${GUIDE}/reference_policies_elements_condition_operators.html#Conditions_Numeric`,
    touches: anyComparison(
      ({ operator, wanted }) => operator.includes('Numeric') && wanted.some((value) => /\de\d/.test(value)),
    ),
  },
  {
    name: 'federated caller against a Deny for an account',
    reason:
      'an identity provider is no principal of the account that it stands in; the oracle denies it as one, though an Allow for the account does not reach it',
    source: `${GUIDE}/reference_policies_elements_principal.html#principal-accounts`,
    touches: (one) =>
      one.request.caller.kind === 'federated' &&
      policiesOf(one)
        .flatMap(statementsOf)
        .some(
          ({ Effect, Principal = {} }) =>
            Effect === 'Deny' && Principal !== '*' && Principal.AWS !== undefined && Principal.AWS !== '*',
        ),
  },
  {
    name: 'NotPrincipal that leaves out the account or the role',
    reason:
      'AWS may look at account, role and session each for itself, so a Deny spares only who is listed at all levels; the oracle is content with one',
    source: `${GUIDE}/reference_policies_elements_notprincipal.html`,
    touches: (one) =>
      policiesOf(one)
        .flatMap(statementsOf)
        .some(
          ({ NotPrincipal }) => NotPrincipal !== undefined && NotPrincipal !== '*' && NotPrincipal.AWS !== undefined,
        ),
  },
];
