import fc from 'fast-check';
import { catalogue, hasPermissions, knownController } from '../../src/catalogue/catalogue';
import type { CatalogueStatement, KnownController } from '../../src/catalogue/catalogueSchema';
import {
  controllerPolicy,
  parameterProblems,
  type PolicyPlace,
  type WrittenParameters,
} from '../../src/catalogue/controllerPolicy';
import { PARAMETER_TYPES, parameterType } from '../../src/catalogue/parameterTypes';
import { documentLength } from '../../src/blueprint/documentLength';
import { QUOTAS } from '../../src/blueprint/quotas';
import { compilePattern, patternsMeet } from '../../src/iam/matchPattern';
import { validateDocument } from '../../src/iam/validateDocument';
import { managedPolicy } from '../../src/inventory/aws/managedPolicies';
import { conditionKeyExists, matchingActions, resourcesOf } from '../../src/inventory/iamCatalogue';

const USABLE = catalogue().filter(hasPermissions);
const PLACE: PolicyPlace = {
  partition: 'aws',
  account: '111122223333',
  regions: ['us-west-2'],
  clusters: ['prod-main'],
};

/** A valid value for a parameter: for a flag true. */
function exampleOf({ type }: { readonly type: keyof typeof PARAMETER_TYPES }): WrittenParameters[string] {
  const { example, single } = parameterType(type);
  if (type === 'flag') return true;
  return single === true ? example : [example];
}

/** The least that a controller takes, and what it takes at most. */
function parametersOf({ parameters = {} }: KnownController): readonly WrittenParameters[] {
  const all = Object.entries(parameters).map(([name, one]) => [name, exampleOf(one)] as const);
  const required = all.filter(([name]) => parameters[name]?.required === true);
  const flagsOff = all.map(([name, value]) => [name, value === true ? false : value] as const);
  const alone = all.flatMap(([name, value]) => {
    const beside = (parameters[name]?.requires ?? []).map((other) => all.find(([key]) => key === other)!);
    return [[...required, ...beside, [name, value] as const]];
  });
  return [required, all, flagsOff, ...alone].map((entries) => Object.fromEntries(entries));
}

function documentOf(controller: KnownController, parameters: WrittenParameters, place = PLACE) {
  return {
    Version: '2012-10-17' as const,
    Statement: controllerPolicy(controller, parameters, place).statements.map(
      ({ sid, actions, resources, conditions }) => ({
        Sid: sid,
        Effect: 'Allow' as const,
        Action: actions,
        Resource: resources,
        ...(conditions !== undefined && { Condition: conditions }),
      }),
    ),
  };
}

const textsOf = ({ resources, conditions = {}, restrict = {} }: CatalogueStatement): readonly string[] => [
  ...resources,
  ...[conditions, ...Object.values(restrict)].flatMap((one) => JSON.stringify(one)),
];

describe('The permissions of the catalogue', () => {
  it('name every controller of the issue that asked for them', () => {
    const wanted =
      'aws-load-balancer-controller ebs-csi efs-csi fsx-csi mountpoint-s3-csi external-dns external-secrets cert-manager cluster-autoscaler karpenter cloudwatch-observability velero vpc-cni appmesh gateway-api-controller node-termination-handler amp adot privateca-issuer loki tempo mimir argo-image-updater crossplane-provider-aws keda fluent-bit argo-cd ack-s3 ack-iam ack-ec2 ack-rds';
    expect(wanted.split(' ').filter((name) => !USABLE.includes(knownController(name)!))).toEqual([]);
  });

  it('have names and aliases of which each is one controller', () => {
    const names = catalogue().flatMap(({ name, aliases = [] }) => [name, ...aliases]);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it.each(USABLE.map((one) => [one.name, one] as const))(
    '%s: actions, condition keys and managed policies exist, and every statement on "*" says why',
    (_, { policy = [], managedPolicies = [] }) => {
      for (const { actions, resources, conditions = {}, restrict = {}, because } of policy) {
        expect(actions.filter((action) => matchingActions(action).length === 0)).toEqual([]);
        const keys = [conditions, ...Object.values(restrict)].flatMap((one) => Object.values(one).flatMap(Object.keys));
        expect(keys.filter((key) => !conditionKeyExists(key.replace(/\$\{[^}]*\}/g, 'x')))).toEqual([]);
        if (resources.includes('*')) expect([actions, because]).not.toEqual([actions, undefined]);
      }
      for (const { name } of managedPolicies.filter((one) => !one.name.includes('${')))
        expect(managedPolicy(name.split('/').at(-1) ?? '')).toBe(name);
    },
  );

  it.each(USABLE.map((one) => [one.name, one] as const))(
    '%s: parameters that it names exist, and a value that may be absent is used only with `when` or `restrict`',
    (_, { parameters = {}, policy = [], managedPolicies = [], upstream = [] }) => {
      expect(upstream.length).toBeGreaterThan(0);
      const isList = (name: string) => parameters[name] !== undefined && parameters[name].type !== 'flag';
      for (const one of [...policy, ...managedPolicies]) {
        const { when = [], unless = [] } = one;
        const restrict = 'restrict' in one ? Object.keys(one.restrict ?? {}) : [];
        expect([...when, ...unless, ...restrict].filter((name) => !(name in parameters))).toEqual([]);
        // A default is always given: such a condition would never differ.
        expect([...when, ...unless].filter((name) => isList(name) && parameters[name]?.default !== undefined)).toEqual(
          [],
        );
        const texts = 'actions' in one ? textsOf(one) : [one.name];
        const used = texts.flatMap((text) => [...text.matchAll(/\$\{param\.(\w+)/g)].map(([, name = '']) => name));
        const isSure = (name: string) =>
          when.includes(name) ||
          restrict.includes(name) ||
          parameters[name]?.required === true ||
          parameters[name]?.default !== undefined ||
          // An absent prefix is empty.
          parameters[name]?.type === 'bucket-prefix';
        expect(used.filter((name) => !isSure(name))).toEqual([]);
      }
      for (const { requires = [] } of Object.values(parameters))
        expect(requires.filter((name) => !(name in parameters))).toEqual([]);
    },
  );

  it.each(USABLE.map((one) => [one.name, one] as const))(
    '%s: is valid for AWS and within the quotas, with the fewest parameters, with each, and with all',
    (_, controller) => {
      for (const parameters of parametersOf(controller)) {
        expect(parameterProblems(controller, parameters)).toEqual([]);
        const { managedPolicies } = controllerPolicy(controller, parameters, PLACE);
        expect(managedPolicies.length).toBeLessThanOrEqual(QUOTAS.managedPoliciesPerRole.value);
        const document = documentOf(controller, parameters);
        expect(JSON.stringify([document, managedPolicies])).not.toMatch(
          /\{param|undefined|\{(partition|region|account)\}/,
        );
        if (document.Statement.length === 0) continue;
        expect(validateDocument(document, 'identity')).toEqual([]);
        expect(documentLength(document)).toBeLessThanOrEqual(QUOTAS.inlinePolicyLength.value);
      }
    },
  );

  it.each(USABLE.map((one) => [one.name, one] as const))(
    '%s: every action has a resource of its statement, so that AWS can allow it',
    (_, controller) => {
      const [, all = {}, flagsOff = {}] = parametersOf(controller);
      for (const { sid, actions, resources } of [all, flagsOff].flatMap(
        (parameters) => controllerPolicy(controller, parameters, PLACE).statements,
      )) {
        if (resources.includes('*')) continue;
        const patterns = resources.map(compilePattern);
        for (const action of actions)
          for (const { name } of matchingActions(action)) {
            const known = resourcesOf(`${action.split(':')[0] ?? ''}:${name}`).map((template) =>
              compilePattern(template.replace('${Partition}', 'aws').replace(/\$\{\w+\}/g, '*')),
            );
            const meets = patterns.some((one) => known.some((other) => patternsMeet(one, other)));
            expect([sid, name, meets]).toEqual([sid, name, true]);
          }
      }
    },
  );

  it.each(['aws-cn', 'aws-us-gov'])('are valid in the partition %s', (partition) => {
    for (const controller of USABLE) {
      const [parameters = {}] = parametersOf(controller);
      const there = JSON.parse(
        JSON.stringify(parameters).replaceAll('arn:aws:', `arn:${partition}:`),
      ) as typeof parameters;
      expect(parameterProblems(controller, there)).toEqual([]);
      expect(JSON.stringify(documentOf(controller, there, { ...PLACE, partition }))).not.toContain('arn:aws:');
    }
  });
});

describe('The permissions of one controller', () => {
  const policyOf = (name: string, parameters: WrittenParameters = {}, place = PLACE) =>
    controllerPolicy(knownController(name)!, parameters, place);

  it('are for each value of a list', () => {
    const [statement] = policyOf('external-dns', { zones: ['Z1', 'Z2'] }).statements;
    expect(statement?.resources).toEqual(['arn:aws:route53:::hostedzone/Z1', 'arn:aws:route53:::hostedzone/Z2']);
  });

  it('are restricted by the conditions of the parameters that are given', () => {
    const [open] = policyOf('external-dns').statements;
    const [closed] = policyOf('external-dns', { recordTypes: ['A', 'TXT'] }).statements;
    expect(open?.conditions).toBeUndefined();
    expect(closed?.conditions).toEqual({
      'ForAllValues:StringEquals': { 'route53:ChangeResourceRecordSetsRecordTypes': ['A', 'TXT'] },
    });
  });

  it('are for all clusters of the workload, in all of their regions', () => {
    const place = { ...PLACE, clusters: ['blue', 'green'], regions: ['us-west-2', 'eu-west-1'] };
    const { statements } = policyOf('cluster-autoscaler', {}, place);
    expect(statements.filter(({ sid }) => sid.startsWith('Scale')).map(({ conditions }) => conditions)).toEqual(
      ['blue', 'green'].map((cluster) => ({
        StringEquals: {
          'aws:ResourceTag/k8s.io/cluster-autoscaler/enabled': 'true',
          [`aws:ResourceTag/k8s.io/cluster-autoscaler/${cluster}`]: 'owned',
        },
      })),
    );
    expect(statements.find(({ sid }) => sid === 'DescribeNodegroups')?.resources).toHaveLength(4);
  });

  it('have a managed policy or the statements that replace it', () => {
    expect(policyOf('ebs-csi')).toEqual({ statements: [], managedPolicies: ['AmazonEBSCSIDriverPolicyV2'] });
    const scoped = policyOf('ebs-csi', { cluster: 'prod' });
    expect(scoped.managedPolicies).toEqual([]);
    expect(scoped.statements.length).toBeGreaterThan(5);
  });

  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html (CWL_ARN_Format)
  it('name log groups with `:*` at the end, as CloudWatch Logs compares them', () => {
    for (const name of ['fluent-bit', 'aws-for-fluent-bit']) {
      const logs = policyOf(name, { logGroups: '/eks/*' }).statements.filter(({ actions }) =>
        (actions[0] ?? '').startsWith('logs:'),
      );
      expect(logs.map(({ resources }) => resources.at(-1))).toEqual([
        'arn:aws:logs:us-west-2:111122223333:log-group:/eks/*:*',
        'arn:aws:logs:us-west-2:111122223333:log-group:/eks/*:*',
      ]);
    }
  });

  it('are the same for one text and for a list of one', () => {
    expect(policyOf('loki', { buckets: 'logs' })).toEqual(policyOf('loki', { buckets: ['logs'] }));
  });
});

describe('A value of a parameter', () => {
  const TYPES = Object.entries(PARAMETER_TYPES).filter(([name]) => name !== 'flag');

  it.each(TYPES)('of the type %s has a valid example, and admits no other form', (_, type) => {
    expect(type.example).toMatch(type.pattern);
    for (const hostile of HOSTILE) expect([hostile, type.pattern.test(hostile)]).toEqual([hostile, false]);
  });

  it.each(TYPES)('of the type %s has no wildcard unless the type has patterns', (_, type) => {
    const hasPatterns = type.form.includes(' with *');
    const wild = [`${type.example}*`, `*${type.example}`, '*', '?', type.example.replace(/.$/, '*')];
    if (!hasPatterns) expect(wild.filter((value) => type.pattern.test(value))).toEqual([]);
  });

  it('that is hostile is refused, and cannot add a statement, a wildcard or a policy variable', () => {
    const parts = fc.constantFrom(
      '"',
      '}',
      '{',
      '${aws:username}',
      '${*}',
      '*',
      '?',
      '\\',
      '\n',
      ',',
      ' ',
      'a',
      '1',
      ':',
      '/',
      'Z',
    );
    const texts = fc.oneof(
      fc.array(parts, { minLength: 1, maxLength: 12 }).map((all) => all.join('')),
      fc
        .constantFrom(...TYPES.map(([, { example }]) => example))
        .chain((example) =>
          fc.tuple(fc.nat(example.length), parts).map(([at, part]) => example.slice(0, at) + part + example.slice(at)),
        ),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...USABLE.filter((one) => one.parameters !== undefined)),
        fc.nat(),
        texts,
        (controller, pick, text) => {
          const names = Object.keys(controller.parameters ?? {}).filter(
            (one) => controller.parameters?.[one]?.type !== 'flag',
          );
          const name = names[pick % names.length];
          if (name === undefined) return;
          const [, all = {}] = parametersOf(controller);
          const parameters = { ...all, [name]: text };
          const { pattern, form } = parameterType(controller.parameters?.[name]?.type ?? 'flag');
          const problems = parameterProblems(controller, parameters).filter(({ problem }) => problem !== 'open');
          expect(problems.length > 0).toBe(!pattern.test(text));
          if (problems.length > 0) return;
          const document = documentOf(controller, parameters);
          expect(document.Statement).toHaveLength(documentOf(controller, all).Statement.length);
          expect(validateDocument(document, 'identity')).toEqual([]);
          expect(text).not.toMatch(/[${}"\\\n]/);
          if (!form.includes(' with *')) expect(text).not.toMatch(/[*?]/);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('of the right form gives a valid document, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...USABLE),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 0 }),
        (controller, count, seed) => {
          const parameters: Record<string, WrittenParameters[string]> = {};
          for (const [index, [name, { type, required }]] of Object.entries(controller.parameters ?? {}).entries()) {
            if (required !== true && (seed >> index) % 2 === 0) continue;
            const { pattern, single } = parameterType(type);
            const values = fc.sample(fc.stringMatching(new RegExp(pattern.source)), {
              numRuns: count,
              seed: seed + index,
            });
            parameters[name] = type === 'flag' ? true : single === true ? (values[0] ?? '') : values;
          }
          if (parameterProblems(controller, parameters).some(({ problem }) => problem !== 'open')) return;
          const document = documentOf(controller, parameters);
          if (document.Statement.length > 0) expect(validateDocument(document, 'identity')).toEqual([]);
        },
      ),
      { numRuns: 150 },
    );
  });
});

const HOSTILE = [
  '',
  ' ',
  '${aws:username}',
  '${*}',
  '{region}',
  '"], "Action": "*',
  'a", "b": "',
  'a\n',
  '\na',
  "a' or '1",
  'arn:aws:iam::aws:policy/AdministratorAccess"',
  'arn:aws:s3:::*/${aws:userid}',
  '..\u202e',
];
