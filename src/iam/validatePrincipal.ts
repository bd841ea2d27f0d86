import { parseArn } from './Arn';
import {
  at,
  isObject,
  type JsonObject,
  type OrderedProblem,
  type Path,
  shown,
  syntax,
  textsIn,
} from './documentProblem';
import { judgeService } from './servicePrincipals';

const ACCOUNT = /^\d{12}$/;
const PARTITION = /^aws(-[a-z]+)*$/;
const NAME = '[\\w+=,.@-]+';
const PATH = '(?:[\\x21-\\x7e]+/)?';

/** Allowed resource parts of an ARN under `AWS`, by service. */
const AWS_RESOURCES: Readonly<Record<string, RegExp>> = {
  iam: new RegExp(`^(?:root|(?:role|user)/${PATH}${NAME})$`),
  sts: new RegExp(`^(?:assumed-role/${NAME}/${NAME}|federated-user/${NAME}|self)$`),
};

const PROVIDER = /^(?:oidc-provider\/.+|saml-provider\/.+)$/;

/**
 * Providers that have a host name instead of an ARN.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-federated-web-identity
 */
const WELL_KNOWN_PROVIDERS: readonly string[] = [
  'cognito-identity.amazonaws.com',
  'www.amazon.com',
  'graph.facebook.com',
  'accounts.google.com',
];

function isArnOf(name: string, resources: Readonly<Record<string, RegExp>>): boolean {
  const arn = parseArn(name);
  if (arn?.region !== '' || !PARTITION.test(arn.partition) || !ACCOUNT.test(arn.account)) return false;
  // IAM allows no wildcard for a part of a name or ARN.
  return !/[*?]/.test(name) && (resources[arn.service]?.test(arn.resource) ?? false);
}

interface PrincipalRule {
  /** What IAM answers to another name. */
  readonly message: (name: string) => string;
  readonly accepts: (name: string) => boolean;
  readonly wanted: (name: string) => string;
}

/**
 * The allowed names under each member of a trust policy's principal. Sources of the texts: aws-samples/aws-iam-access-key-auto-rotation issue 26
 * (AWS), aws-samples/aws-cdk-examples issue 801 (SERVICE)
 */
const TRUST_PRINCIPALS: Readonly<Record<string, PrincipalRule>> = {
  AWS: {
    message: (name) => `Invalid principal in policy: "AWS":"${name}"`,
    accepts: (name) => name === '*' || ACCOUNT.test(name) || isArnOf(name, AWS_RESOURCES),
    wanted: () => '"*", a 12-digit account id, or the whole ARN of an account root, role, user or session',
  },
  Service: {
    message: (name) => `Invalid principal in policy: "SERVICE":"${name}"`,
    accepts: (name) => judgeService(name).verdict !== 'refused',
    wanted: (name) => {
      const judged = judgeService(name);
      const meant = judged.verdict === 'refused' ? judged.meant : undefined;
      return meant === undefined ? 'a service name such as "pods.eks.amazonaws.com"' : `"${meant}"`;
    },
  },
  Federated: {
    message: (name) => `Invalid principal in policy: "FEDERATED":"${name}"`,
    accepts: (name) => WELL_KNOWN_PROVIDERS.includes(name) || isArnOf(name, { iam: PROVIDER }),
    wanted: () => 'the whole ARN of an OIDC or SAML provider',
  },
};

function validateNames(type: string, value: unknown, path: Path): readonly OrderedProblem[] {
  const rule = TRUST_PRINCIPALS[type];
  const types = Object.keys(TRUST_PRINCIPALS).join(', ');
  if (rule === undefined) return [syntax(path, `Principal has the type ${shown(type)}; a trust policy takes ${types}`)];
  const names = textsIn(value);
  if (names === undefined || names.length === 0)
    return [syntax(path, `Principal.${type} is ${shown(value)}; wanted a text or a list of texts`)];
  return names.flatMap((name, index): readonly OrderedProblem[] =>
    rule.accepts(name)
      ? []
      : [
          {
            step: 'trust',
            message: rule.message(name),
            detail: `${shown(name)} is no such principal; wanted ${rule.wanted(name)}`,
            path: at(path, value, index),
          },
        ],
  );
}

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html */
export function validatePrincipal(statement: JsonObject, path: Path): readonly OrderedProblem[] {
  const { Principal } = statement;
  const here = [...path, 'Principal'];
  if (!('Principal' in statement)) {
    const message = 'Missing required field Principal';
    return [{ step: 'trust', message, detail: 'the statement has no Principal', path }];
  }
  if (Principal === '*') return [];
  if (!isObject(Principal) || Object.keys(Principal).length === 0)
    return [
      syntax(
        here,
        `Principal is ${shown(Principal)}; wanted "*" or an object such as {"Service": "pods.eks.amazonaws.com"}`,
      ),
    ];
  return Object.entries(Principal).flatMap(([type, value]) => validateNames(type, value, [...here, type]));
}
