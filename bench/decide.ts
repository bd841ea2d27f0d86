/**
 * Measures decisions a second on the trust policies that podlift writes.
 * Run: node -r tsx/cjs bench/decide.ts
 */
import Table from 'cli-table3';
import { decide } from '../src/iam/decide';
import { decideAssumeRole } from '../src/iam/decideAssumeRole';
import type { AssumeRoleAttempt } from '../src/iam/decideAssumeRole';
import type { NamedPolicy } from '../src/iam/Decision';
import { explain } from '../src/iam/explain';
import type { Statement } from '../src/iam/PolicyDocument';
import type { Context } from '../src/iam/Request';

const WANTED_PER_SECOND = 50_000;
const MILLISECONDS = 1_000;

const ACCOUNT = '333333333333';
const ISSUER = 'oidc.eks.us-west-2.amazonaws.com/id/AAAA1111AAAA1111AAAA1111AAAA1111';
const PROVIDER = `arn:aws:iam::${ACCOUNT}:oidc-provider/${ISSUER}`;
const CLUSTER = `arn:aws:eks:us-west-2:${ACCOUNT}:cluster/prod-main`;
const SOURCE_ROLE = `arn:aws:iam::${ACCOUNT}:role/podlift/prod-orders-api`;
const TARGET_ROLE = 'arn:aws:iam::444444444444:role/podlift/prod-orders-api-ledger';

const tags = {
  'eks-cluster-arn': CLUSTER,
  'eks-cluster-name': 'prod-main',
  'kubernetes-namespace': 'production',
  'kubernetes-service-account': 'orders-api',
  'kubernetes-pod-name': 'orders-api-5d9c7b6f4-x2x7k',
  'kubernetes-pod-uid': '0b1c2d3e-4f50-6172-8394-a5b6c7d8e9f0',
};

const tagConditions = {
  'aws:RequestTag/eks-cluster-arn': [CLUSTER, `${CLUSTER}-batch`],
  'aws:RequestTag/kubernetes-namespace': 'production',
  'aws:RequestTag/kubernetes-service-account': 'orders-api',
};

const viaPodIdentity: Statement = {
  Sid: 'PodIdentity',
  Effect: 'Allow',
  Principal: { Service: 'pods.eks.amazonaws.com' },
  Action: ['sts:AssumeRole', 'sts:TagSession'],
  Condition: { StringEquals: { 'aws:SourceAccount': ACCOUNT, ...tagConditions } },
};

function viaOidc(provider: string): Statement {
  const issuer = provider.slice(provider.indexOf('oidc.'));
  return {
    Effect: 'Allow',
    Principal: { Federated: provider },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: {
      StringEquals: {
        [`${issuer}:sub`]: 'system:serviceaccount:production:orders-api',
        [`${issuer}:aud`]: 'sts.amazonaws.com',
      },
    },
  };
}

function viaHop(tagged: boolean): Statement {
  return {
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
    Action: tagged ? ['sts:AssumeRole', 'sts:TagSession'] : 'sts:AssumeRole',
    Condition: {
      ArnEquals: { 'aws:PrincipalArn': SOURCE_ROLE },
      ...(tagged ? { StringEquals: tagConditions } : { Null: { 'aws:TagKeys': 'true' } }),
    },
  };
}

function trustOf(...statements: Statement[]): NamedPolicy {
  return { name: 'trust policy', document: { Version: '2012-10-17', Statement: statements } };
}

const dual = trustOf(viaOidc(PROVIDER), viaOidc(PROVIDER.replaceAll('A1', 'B2')), viaPodIdentity);
const hops = trustOf(viaHop(false), viaHop(true));

const permissions: NamedPolicy = {
  name: 'inline policy podlift',
  document: {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'], Resource: 'arn:aws:s3:::acme-prod-orders/*' },
      { Effect: 'Allow', Action: ['sts:AssumeRole', 'sts:TagSession'], Resource: TARGET_ROLE },
    ],
  },
};

const web: Context = {
  [`${ISSUER}:sub`]: 'system:serviceaccount:production:orders-api',
  [`${ISSUER}:aud`]: 'sts.amazonaws.com',
};

const attempts: Readonly<Record<string, AssumeRoleAttempt>> = {
  'IRSA, dual trust': {
    caller: { kind: 'federated', provider: PROVIDER },
    operation: 'sts:AssumeRoleWithWebIdentity',
    roleArn: SOURCE_ROLE,
    trust: dual,
    context: web,
  },
  'IRSA, another service account': {
    caller: { kind: 'federated', provider: PROVIDER },
    operation: 'sts:AssumeRoleWithWebIdentity',
    roleArn: SOURCE_ROLE,
    trust: dual,
    context: { ...web, [`${ISSUER}:sub`]: 'system:serviceaccount:production:thumbnails' },
  },
  'Pod Identity, dual trust': {
    caller: { kind: 'service', service: 'pods.eks.amazonaws.com' },
    operation: 'sts:AssumeRole',
    roleArn: SOURCE_ROLE,
    trust: dual,
    tags,
    transitiveTagKeys: Object.keys(tags),
    context: { 'aws:SourceAccount': ACCOUNT },
  },
  'tagged hop to a target role': {
    caller: { kind: 'session', roleArn: SOURCE_ROLE, sessionName: 'eks-prod-main-orders-api' },
    operation: 'sts:AssumeRole',
    roleArn: TARGET_ROLE,
    trust: hops,
    callerPolicies: { identity: [permissions] },
    inheritedTags: tags,
  },
  'untagged hop to a target role': {
    caller: { kind: 'session', roleArn: SOURCE_ROLE, sessionName: 'botocore-session' },
    operation: 'sts:AssumeRole',
    roleArn: TARGET_ROLE,
    trust: hops,
    callerPolicies: { identity: [permissions] },
  },
};

interface Row {
  readonly name: string;
  readonly answer: string;
  readonly perSecond: number;
}

/** Runs a case for some time after a warm-up, and counts the decisions. An attempt with tags needs two. */
function measure(
  name: string,
  run: () => { readonly allowed: boolean; readonly decisions: number },
  seconds: number,
): Row {
  const until = (end: number): number => {
    let decisions = 0;
    while (performance.now() < end) for (let count = 0; count < 100; count += 1) decisions += run().decisions;
    return decisions;
  };
  until(performance.now() + (seconds * MILLISECONDS) / 2);
  const start = performance.now();
  const decisions = until(start + seconds * MILLISECONDS);
  const perSecond = (decisions * MILLISECONDS) / (performance.now() - start);
  return { name, answer: run().allowed ? 'allowed' : 'denied', perSecond };
}

const SECONDS_EACH = 1;

const rows = [
  ...Object.entries(attempts).map(([name, attempt]) =>
    measure(
      name,
      () => {
        const { allowed, tagSession } = decideAssumeRole(attempt);
        return { allowed, decisions: tagSession === undefined ? 1 : 2 };
      },
      SECONDS_EACH,
    ),
  ),
  measure(
    's3:GetObject by a session',
    () => {
      const caller = { kind: 'session', roleArn: SOURCE_ROLE, sessionName: 'eks-prod-main-orders-api' } as const;
      const resource = 'arn:aws:s3:::acme-prod-orders/2026/11/21.json';
      return { ...decide({ caller, action: 's3:GetObject', resource }, { identity: [permissions] }), decisions: 1 };
    },
    SECONDS_EACH,
  ),
  measure(
    'denied and explained',
    () => {
      const { allowed, assume } = decideAssumeRole({
        ...attempts['IRSA, dual trust'],
        context: {},
      } as AssumeRoleAttempt);
      return { allowed, decisions: explain(assume).length > 0 ? 1 : 0 };
    },
    SECONDS_EACH,
  ),
];

const table = new Table({
  head: ['case', 'answer', 'decisions/s', `at least ${WANTED_PER_SECOND.toLocaleString('en')}`],
  colAligns: ['left', 'left', 'right', 'left'],
  style: { head: [] },
});
for (const { name, answer, perSecond } of rows)
  table.push([name, answer, Math.round(perSecond).toLocaleString('en'), perSecond >= WANTED_PER_SECOND ? 'yes' : 'NO']);
console.log(table.toString());
