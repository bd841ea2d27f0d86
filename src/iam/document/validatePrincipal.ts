import { parseArn } from '../Arn';
import { isObject, shown, textsIn } from './DocumentKind';

const ACCOUNT = /^\d{12}$/;
const PARTITION = /^aws(-[a-z]+)*$/;
const NAME = '[\\w+=,.@-]+';
const PATH = '(?:[\\x21-\\x7e]+/)?';

/** The resource parts that an ARN under `AWS` may have, by service. */
const AWS_RESOURCES: Readonly<Record<string, RegExp>> = {
  iam: new RegExp(`^(?:root|(?:role|user)/${PATH}${NAME})$`),
  sts: new RegExp(`^(?:assumed-role/${NAME}/${NAME}|federated-user/${NAME}|self)$`),
};

const PROVIDER = /^(?:oidc-provider\/.+|saml-provider\/.+)$/;

/**
 * Providers that are named by host, not by ARN.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-federated-web-identity
 */
const WELL_KNOWN_PROVIDERS: readonly string[] = [
  'cognito-identity.amazonaws.com',
  'www.amazon.com',
  'graph.facebook.com',
  'accounts.google.com',
];

const SERVICE =
  /^[a-z0-9][a-z0-9-]*(?:\.[a-z0-9][a-z0-9-]*)*\.(?:amazonaws\.com|amazonaws\.com\.cn|amazon\.com|aws\.internal)$/;

function isArnOf(name: string, resources: Readonly<Record<string, RegExp>>): boolean {
  const arn = parseArn(name);
  if (arn?.region !== '' || !PARTITION.test(arn.partition) || !ACCOUNT.test(arn.account)) return false;
  // A wildcard cannot stand for a part of a name or ARN.
  return !/[*?]/.test(name) && (resources[arn.service]?.test(arn.resource) ?? false);
}

interface PrincipalRule {
  readonly accepts: (name: string) => boolean;
  readonly wanted: string;
}

/** What may stand under each member of a trust policy's principal. */
const TRUST_PRINCIPALS: Readonly<Record<string, PrincipalRule>> = {
  AWS: {
    accepts: (name) => name === '*' || ACCOUNT.test(name) || isArnOf(name, AWS_RESOURCES),
    wanted: '"*", a 12-digit account id, or the whole ARN of an account root, role, user or session',
  },
  Service: { accepts: (name) => SERVICE.test(name), wanted: 'a service name such as "pods.eks.amazonaws.com"' },
  Federated: {
    accepts: (name) => WELL_KNOWN_PROVIDERS.includes(name) || isArnOf(name, { iam: PROVIDER }),
    wanted: 'the whole ARN of an OIDC or SAML provider',
  },
};

function validateNames(type: string, value: unknown): readonly string[] {
  const rule = TRUST_PRINCIPALS[type];
  if (rule === undefined)
    return [`Principal has the type ${shown(type)}; a trust policy takes ${Object.keys(TRUST_PRINCIPALS).join(', ')}`];
  const names = textsIn(value);
  if (names === undefined) return [`Principal.${type} is ${shown(value)}; wanted a text or a list of texts`];
  return names
    .filter((name) => !rule.accepts(name))
    .map((name) => `Invalid principal in policy: ${JSON.stringify(type)}:${shown(name)}; wanted ${rule.wanted}`);
}

/**
 * Checks the `Principal` of a trust policy's statement.
 * @returns messages, none when it is well formed
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export function validatePrincipal(principal: unknown): readonly string[] {
  if (principal === '*') return [];
  if (!isObject(principal) || Object.keys(principal).length === 0)
    return [`Principal is ${shown(principal)}; wanted "*" or an object such as {"Service": "pods.eks.amazonaws.com"}`];
  return Object.entries(principal).flatMap(([type, value]) => validateNames(type, value));
}
