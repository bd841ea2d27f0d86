import { compile } from '../../../src/blueprint/compile';
import type { PolicyDocument, Statement } from '../../../src/iam/PolicyDocument';
import { targetOf, workloadOf } from '../../blueprint/inventoryOf';
import { pilotAt, ROLE, type World } from '../agreedWorld';
import type { DriftCase } from './DriftCase';

const OWN = '333333333333/prod-orders-api';
const LEDGER = '444444444444/prod-orders-api-ledger';
const APPLY = /npx cdktf plan prod-identity\nnpx cdktf apply prod-identity$/;
const GITHUB: Statement = {
  Effect: 'Allow',
  Principal: { Federated: 'arn:aws:iam::333333333333:oidc-provider/token.actions.githubusercontent.com' },
  Action: 'sts:AssumeRoleWithWebIdentity',
  Condition: { StringEquals: { 'token.actions.githubusercontent.com:sub': 'repo:acme/shop:ref:refs/heads/main' } },
};

function without<T extends object>(whole: T, key: keyof T): T {
  return Object.fromEntries(Object.entries(whole).filter(([name]) => name !== key)) as T;
}

function role(world: World, change: Partial<World['roles'][string]>, key = OWN): void {
  world.roles[key] = { ...world.roles[key]!, ...change };
}

function trusted(world: World, change: (statements: readonly Statement[]) => readonly Statement[], key = OWN): void {
  const { trust } = world.roles[key]!;
  role(world, { trust: { ...trust, Statement: change(trust.Statement as readonly Statement[]) } }, key);
}

function inline(world: World, change: Record<string, PolicyDocument>): void {
  world.rolePolicies[OWN] = { attached: [], ...world.rolePolicies[OWN], inline: change };
}

const SUBJECT = 'system:serviceaccount:data:imported';
const ROLE_ITSELF = workloadOf().role;
const adopted = { workload: { role: { ...ROLE_ITSELF, adopt: true } } };
const READ: PolicyDocument = {
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::acme-orders/*' },
};
const permissions = workloadOf().permissions;

export const ROLE_CASES: readonly DriftCase[] = [
  {
    title: 'the role is gone',
    change: (world) => {
      world.roles = without(world.roles, OWN);
      world.rolePolicies = without(world.rolePolicies, OWN);
    },
    kind: 'role',
    where: /^arn:aws:iam::333333333333:role\/prod-orders-api$/,
    expected: /role\/prod-orders-api$/,
    found: /no such role/,
    effect: /orders-api gets no credentials from the role/,
    remedy: APPLY,
  },
  {
    title: 'the role has another path',
    change: (world) => {
      role(world, { arn: ROLE.replace('role/', 'role/team/'), path: '/team/' });
    },
    kind: 'role',
    where: /prod-orders-api$/,
    expected: /:role\/prod-orders-api$/,
    found: /:role\/team\/prod-orders-api$/,
    effect: /name another role/,
    remedy: /^Write the path of the role into workloads\.orders-api\.role\.path: /,
  },
  {
    title: 'the trust policy lost Pod Identity',
    change: (world) => {
      trusted(world, (all) => all.slice(0, 1));
    },
    kind: 'trust',
    where: /prod-orders-api$/,
    expected: /^trust policy of stage dual$/,
    found: /^trust policy of stage irsa$/,
    effect: /^orders-api can no longer assume the role through Pod Identity on main$/,
    remedy: APPLY,
  },
  {
    title: 'the trust policy allows another service account only',
    change: (world) => {
      const trust = JSON.stringify(world.roles[OWN]!.trust).replaceAll('"orders-api"', '"other"');
      role(world, { trust: JSON.parse(trust) as PolicyDocument });
    },
    kind: 'trust',
    where: /prod-orders-api$/,
    expected: /^StringEquals aws:RequestTag\/kubernetes-service-account orders-api$/,
    found: /^StringEquals aws:RequestTag\/kubernetes-service-account other$/,
    effect:
      /^orders-api can no longer assume the role through Pod Identity on main; the trust policy allows system:serviceaccount:production:other instead of system:serviceaccount:production:orders-api through service pods\.eks\.amazonaws\.com$/,
    remedy: APPLY,
  },
  {
    title: 'the trust policy accepts the token of another service account',
    change: (world) => {
      const trust = JSON.stringify(world.roles[OWN]!.trust);
      role(world, {
        trust: JSON.parse(trust.replace('system:serviceaccount:production:orders-api', SUBJECT)) as PolicyDocument,
      });
    },
    kind: 'trust',
    where: /prod-orders-api$/,
    expected: /^StringEquals oidc\.eks\.\S+:sub system:serviceaccount:production:orders-api$/,
    found: /^StringEquals oidc\.eks\.\S+:sub system:serviceaccount:data:imported$/,
    effect:
      /^orders-api can no longer assume the role through web identity \(IRSA\) on main; the trust policy allows system:serviceaccount:data:imported instead of system:serviceaccount:production:orders-api through/,
    remedy: APPLY,
  },
  {
    title: 'the trust policy accepts the tokens of two service accounts',
    change: (world) => {
      const own = '"system:serviceaccount:production:orders-api"';
      const trust = JSON.stringify(world.roles[OWN]!.trust).replace(own, `[${own},"${SUBJECT}"]`);
      role(world, { trust: JSON.parse(trust) as PolicyDocument });
    },
    kind: 'trust',
    where: /prod-orders-api$/,
    expected: /^StringEquals \S+:sub system:serviceaccount:production:orders-api$/,
    found: /^also StringEquals \S+:sub system:serviceaccount:data:imported$/,
    effect: /^the trust policy allows system:serviceaccount:data:imported through identity provider \S+$/,
    remedy: APPLY,
  },
  {
    title: 'the trust policy does not ask for the audience',
    change: (world) => {
      const trust = JSON.stringify(world.roles[OWN]!.trust).replace(/,"[^"]+:aud":"sts\.amazonaws\.com"/, '');
      role(world, { trust: JSON.parse(trust) as PolicyDocument });
    },
    kind: 'trust',
    where: /prod-orders-api$/,
    expected: /^StringEquals \S+:aud sts\.amazonaws\.com$/,
    found: /^no StringEquals \S+:aud$/,
    effect: /^the trust policy allows system:serviceaccount:production:orders-api through/,
    remedy: APPLY,
  },
  {
    title: 'the trust policy no longer allows somebody whom the inventory keeps',
    setting: { workload: { role: { ...ROLE_ITSELF, adopt: true, keepTrust: [GITHUB] } } },
    change: (world) => {
      trusted(world, (all) => all.slice(0, -1));
    },
    kind: 'trust',
    where: /prod-orders-api$/,
    expected: /repo:acme\/shop/,
    found: /^nothing$/,
    effect: /^the trust policy no longer allows repo:acme\/shop:ref:refs\/heads\/main through identity provider/,
    remedy: APPLY,
  },
  {
    title: 'the trust policy is that of a later stage',
    stage: 'irsa',
    change: (world) => {
      role(world, { trust: compile(pilotAt('cutover'), 'prod').roles[0]!.trust });
    },
    kind: 'trust',
    where: /prod-orders-api$/,
    expected: /^trust policy of stage irsa$/,
    found: /^trust policy of stage prepared$/,
    effect: /^orders-api can still assume the role through Pod Identity on main: trust policy of stage prepared$/,
    remedy: APPLY,
  },
  {
    title: 'an adopted role is at an earlier stage, which is nothing to keep',
    setting: adopted,
    stage: 'pod-identity',
    change: (world) => {
      role(world, { trust: compile(pilotAt('dual'), 'prod').roles[0]!.trust });
    },
    kind: 'trust',
    where: /prod-orders-api$/,
    expected: /^trust policy of stage pod-identity$/,
    found: /^trust policy of stage cutover$/,
    effect: /^orders-api can still assume the role through web identity \(IRSA\) on main/,
    remedy: /^Compare with the plan, then apply the stage[^]*cdktf apply prod-identity$/,
  },
  {
    title: 'an adopted role also trusts somebody else',
    setting: adopted,
    change: (world) => {
      trusted(world, (all) => [...all, GITHUB]);
    },
    kind: 'trust',
    where: /prod-orders-api$/,
    expected: /^nothing$/,
    found: /token\.actions\.githubusercontent\.com/,
    effect:
      /^the trust policy allows repo:acme\/shop:ref:refs\/heads\/main through identity provider arn:\S+token\.actions\.githubusercontent\.com$/,
    remedy:
      /^To keep the additional statements, write them into workloads\.orders-api\.role\.keepTrust\.\nTo remove them, compare .*:\n[^]*cdktf apply/,
  },
  {
    title: 'the trust policy allows an account, and denies another',
    change: (world) => {
      trusted(world, (all) => [
        ...all,
        { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::555555555555:root' }, Action: 'sts:AssumeRole' },
        { Effect: 'Deny', Principal: { AWS: 'AROAEXAMPLEEXAMPLE123' }, Action: 'sts:AssumeRole' },
      ]);
    },
    kind: 'trust',
    where: /prod-orders-api$/,
    expected: /^nothing$/,
    found: /555555555555/,
    effect:
      /^the trust policy allows account 555555555555; the trust policy denies AROAEXAMPLEEXAMPLE123 \(deleted since\)$/,
    remedy: APPLY,
  },
  {
    title: 'a target role lost its hop with session tags',
    setting: { targets: [targetOf()] },
    change: (world) => {
      trusted(world, (all) => all.filter(({ Sid }) => Sid !== 'TaggedHop'), LEDGER);
    },
    kind: 'trust',
    where: /:444444444444:role\/prod-orders-api-ledger$/,
    expected: /^trust policy of stage dual$/,
    found: /^trust policy of stage irsa$/,
    effect: /^role prod-orders-api can no longer assume the role with session tags from main$/,
    remedy: /npx cdktf apply prod-targets-data-prod$/,
  },
  {
    title: 'the inline policy is gone',
    change: (world) => {
      inline(world, {});
    },
    kind: 'inline-policy',
    where: /^podlift of arn:.*prod-orders-api$/,
    expected: /s3:GetObject/,
    found: /^no such policy$/,
    effect: /^no longer allowed: s3:GetObject on arn:aws:s3:::acme-orders\/\*$/,
    remedy: APPLY,
  },
  {
    title: 'the inline policy allows more, and denies something',
    change: (world) => {
      const Statement: Statement[] = [
        { Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'], Resource: 'arn:aws:s3:::acme-orders/*' },
        { Effect: 'Deny', Action: 's3:GetObject', Resource: 'arn:aws:s3:::acme-orders/secret' },
      ];
      inline(world, { podlift: { Version: '2012-10-17', Statement } });
    },
    kind: 'inline-policy',
    where: /^podlift of/,
    expected: /^nothing$/,
    found: /^\{"Effect":"Allow","Action":"s3:PutObject".*"Deny"/,
    effect: /^also allowed: s3:PutObject on \S+; denied: s3:GetObject on arn:aws:s3:::acme-orders\/secret$/,
    remedy: APPLY,
  },
  {
    title: 'an inline policy of the inventory differs',
    setting: { workload: { permissions: { ...permissions, inlinePolicies: { read: READ } } } },
    change: (world) => {
      inline(world, {
        ...world.rolePolicies[OWN]!.inline,
        read: { ...READ, Statement: { Effect: 'Allow', Action: '*', Resource: '*' } },
      });
    },
    kind: 'inline-policy',
    where: /^read of/,
    expected: /^nothing$/,
    found: /"Action":"\*"/,
    effect: /^also allowed: \* on \*$/,
    remedy: APPLY,
  },
  {
    title: 'there is an inline policy that the inventory does not have',
    change: (world) => {
      inline(world, { ...world.rolePolicies[OWN]!.inline, 'by hand': READ });
    },
    kind: 'inline-policy',
    where: /^by hand of/,
    expected: /^no such policy$/,
    found: /s3:GetObject/,
    effect: /^also allowed: s3:GetObject/,
    remedy:
      /^To keep the policy, write it into workloads\.orders-api\.permissions\.inlinePolicies\.\nTo remove the policy from the role in apps-prod \(333333333333\):\naws iam delete-role-policy --role-name prod-orders-api --policy-name 'by hand'$/,
  },
  {
    title: 'a managed policy is not attached',
    setting: {
      workload: { permissions: { ...permissions, managedPolicies: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] } },
    },
    change: (world) => {
      world.rolePolicies[OWN] = { ...world.rolePolicies[OWN]!, attached: [] };
    },
    kind: 'managed-policy',
    where: /^arn:aws:iam::aws:policy\/ReadOnlyAccess on arn/,
    expected: /^attached$/,
    found: /^not attached$/,
    effect: /^what only \S+ allows is not allowed$/,
    remedy: APPLY,
  },
  {
    title: 'another managed policy is attached',
    change: (world) => {
      world.rolePolicies[OWN] = {
        ...world.rolePolicies[OWN]!,
        attached: ['arn:aws:iam::aws:policy/AdministratorAccess'],
      };
    },
    kind: 'managed-policy',
    where: /AdministratorAccess on/,
    expected: /^not attached$/,
    found: /^attached$/,
    effect: /^what \S+ allows is also allowed$/,
    remedy:
      /permissions\.managedPolicies\.[^]*\naws iam detach-role-policy --role-name prod-orders-api --policy-arn arn:aws:iam::aws:policy\/AdministratorAccess$/,
  },
  {
    title: 'the boundary is gone',
    setting: { workload: { role: { ...ROLE_ITSELF, permissionsBoundary: 'arn:aws:iam::333333333333:policy/b' } } },
    change: (world) => {
      world.roles[OWN] = without(world.roles[OWN]!, 'permissionsBoundary');
    },
    kind: 'boundary',
    where: /prod-orders-api$/,
    expected: /policy\/b$/,
    found: /^none$/,
    effect: /no boundary limits/,
    remedy: APPLY,
  },
  {
    title: 'the role has a boundary that the inventory does not have',
    change: (world) => {
      role(world, { permissionsBoundary: 'arn:aws:iam::333333333333:policy/b' });
    },
    kind: 'boundary',
    where: /prod-orders-api$/,
    expected: /^none$/,
    found: /policy\/b$/,
    effect: /the role can do only what arn:aws:iam::333333333333:policy\/b allows/,
    remedy: APPLY,
  },
  {
    title: 'sessions can last longer',
    change: (world) => {
      role(world, { maxSessionDuration: 43_200 });
    },
    kind: 'session-duration',
    where: /prod-orders-api$/,
    expected: /^3600 seconds$/,
    found: /^43200 seconds$/,
    effect: /12h instead of 1h/,
    remedy: APPLY,
  },
  {
    title: 'the description was changed',
    change: (world) => {
      role(world, { description: 'mine' });
    },
    kind: 'description',
    where: /prod-orders-api$/,
    expected: /^""$/,
    found: /^"mine"$/,
    remedy: APPLY,
  },
  {
    title: 'a tag of podlift has another value',
    change: (world) => {
      role(world, { tags: { ...world.roles[OWN]!.tags, 'podlift:environment': 'dev' } });
    },
    kind: 'tags',
    where: /prod-orders-api$/,
    expected: /^podlift:environment=prod$/,
    found: /^podlift:environment=dev$/,
    remedy: APPLY,
  },
  {
    title: 'an adopted role has a tag of somebody else, and one is gone',
    setting: adopted,
    change: (world) => {
      const tags = without(world.roles[OWN]!.tags, 'podlift:workload');
      role(world, { tags: { ...tags, Team: 'shop', 'aws:cloudformation:stack-name': 'x' } });
    },
    kind: 'tags',
    where: /prod-orders-api$/,
    expected: /^podlift:workload=orders-api, no Team$/,
    found: /^podlift:workload=\(none\), Team=shop$/,
    remedy: /^To keep the tags of others, write them into workloads\.orders-api\.role\.tags\./,
  },
];
