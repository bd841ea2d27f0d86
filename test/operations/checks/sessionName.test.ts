import type { ContainerFacts } from '../../../src/estate/kubernetes/KubernetesPort';
import type { Stage } from '../../../src/inventory/Inventory';
import { remedyText } from '../../../src/cli/report';
import { sessionName } from '../../../src/operations/checks/sessionName';
import { targetOf } from '../../blueprint/inventoryOf';
import type { Setting, World } from '../agreedWorld';
import { allowing, ask, healthy, SOURCE } from '../doctor/doctorWorld';
import { changed } from '../doctor/Fault';
import { containerOf, templateOf } from '../facts';
import { judgeStep, notesOf } from './judgeStep';

const NAME = 'AWS_ROLE_SESSION_NAME';
const TARGET = '444444444444/prod-orders-api-ledger';

const batch =
  (container: Partial<ContainerFacts>) =>
  (world: World): unknown =>
    world.templates.push(templateOf({ kind: 'CronJob', name: 'nightly', containers: [containerOf(container)] }));

const settings =
  (variables: readonly string[], container: Partial<ContainerFacts> = {}) =>
  (world: World): void => {
    batch({ sources: [{ kind: 'configmap', name: 'settings' }], ...container })(world);
    world.configMaps['production/settings'] = { variables, proxies: {} };
  };

/** The role has this policy beside its own. */
const permitted =
  (action: string | readonly string[], role = SOURCE) =>
  (world: World): void => {
    const own = world.rolePolicies[role]!;
    world.rolePolicies[role] = { ...own, inline: { ...own.inline, kafka: allowing(action) } };
  };

const VARIABLE_CASES: readonly (readonly [string, (world: World) => unknown, RegExp])[] = [
  [
    'a pod',
    (world) => changed(world, { namesSession: true }),
    /^warning: AWS_ROLE_SESSION_NAME has no effect on Pod Identity, .*: \S+ app: AWS_ROLE_SESSION_NAME$/,
  ],
  ['a CronJob', batch({ namesSession: true }), /cronjob\/nightly app: AWS_ROLE_SESSION_NAME$/],
  ['a ConfigMap', settings([NAME]), /cronjob\/nightly app: AWS_ROLE_SESSION_NAME of configmap settings$/],
  [
    'a ConfigMap, with a prefix',
    settings(['ROLE_SESSION_NAME'], { sources: [{ kind: 'configmap', name: 'settings', prefix: 'AWS_' }] }),
    /AWS_ROLE_SESSION_NAME of configmap settings$/,
  ],
  [
    'a Secret',
    (world) => {
      batch({ sources: [{ kind: 'secret', name: 'settings' }] })(world);
      world.secrets['production/settings'] = { variables: [NAME], proxies: {} };
    },
    /AWS_ROLE_SESSION_NAME of secret settings$/,
  ],
];

const CONNECTION_CASES: readonly (readonly [string, (world: World) => unknown, Setting, RegExp])[] = [
  [
    'an action of Amazon MSK',
    permitted('kafka-cluster:Connect'),
    {},
    /^warning: Amazon MSK closes the connections .*: kafka-cluster:Connect \(inline policy kafka of prod-orders-api\)$/,
  ],
  ['all of them', permitted(['s3:GetObject', 'kafka-cluster:*']), {}, /: kafka-cluster:\* \(/],
  ['a pattern of services', permitted('Kafka*:*'), {}, /: Kafka\*:\* \(/],
  [
    'a managed policy',
    (world) => {
      const arn = 'arn:aws:iam::333333333333:policy/kafka';
      world.managedPolicies[arn] = allowing('kafka-cluster:ReadData');
      world.rolePolicies[SOURCE] = { ...world.rolePolicies[SOURCE]!, attached: [arn] };
    },
    {},
    /: kafka-cluster:ReadData \(policy \S+\/kafka\)$/,
  ],
  [
    'the target role of the association',
    permitted('kafka-cluster:*', TARGET),
    { targets: [targetOf({ via: 'association' })] },
    /inline policy kafka of prod-orders-api-ledger/,
  ],
];

const PASSING: readonly (readonly [string, (world: World) => unknown, Setting])[] = [
  ['nothing does', () => undefined, {}],
  ['the variable of a ConfigMap is cleared', settings([NAME], { cleared: [NAME] }), {}],
  ['the role is one of an administrator', permitted('*'), {}],
  ['the role manages clusters of MSK only', permitted('kafka:*'), {}],
  [
    'Amazon MSK is denied',
    (world) => {
      const own = world.rolePolicies[SOURCE]!;
      const kafka = { Statement: { Effect: 'Deny', Action: 'kafka-cluster:*', Resource: '*' } } as const;
      world.rolePolicies[SOURCE] = { ...own, inline: { ...own.inline, kafka } };
    },
    {},
  ],
  // The app names this session itself.
  [
    'a target role has the permissions that the app assumes',
    permitted('kafka-cluster:*', TARGET),
    { targets: [targetOf()] },
  ],
];

describe('the name of the session', () => {
  it.each(VARIABLE_CASES)('is relied on by %s: a warning before the step to dual', async (_what, change, found) => {
    expect(await notesOf(judgeStep(sessionName, 'prepared', change))).toEqual([expect.stringMatching(found)]);
  });

  it.each(CONNECTION_CASES)('is relied on by %s: a warning before the step', async (_what, change, setting, found) => {
    expect(await notesOf(judgeStep(sessionName, 'prepared', change, setting))).toEqual([expect.stringMatching(found)]);
  });

  it.each(PASSING)('passes where %s', async (_what, change, setting) => {
    const results = await judgeStep(sessionName, 'prepared', change, setting);
    expect(results.map(({ state }) => state)).toEqual(['ok', 'ok']);
  });

  it.each(['irsa', 'dual', 'cutover'] as const)('is not asked for before the step from %s', async (from) => {
    expect(await judgeStep(sessionName, from, permitted('kafka-cluster:*'))).toEqual([]);
  });

  it('is nothing that passes where a Secret could not be read', async () => {
    const change = (world: World) => {
      batch({ sources: [{ kind: 'secret', name: 'settings' }] })(world);
      world.unanswered['secret prod-main production settings'] = 'denied';
    };
    expect((await judgeStep(sessionName, 'prepared', change)).map(({ found }) => found)).toEqual([
      expect.stringMatching(/has no permission/),
    ]);
  });

  it.each<[Stage, number]>([
    ['irsa', 0],
    ['prepared', 2],
    ['dual', 2],
    ['cutover', 2],
    ['pod-identity', 2],
  ])('at %s: the doctor has %i warnings with what to do', async (stage, count) => {
    const one = healthy(stage);
    changed(one.world, { namesSession: true });
    permitted('kafka-cluster:*')(one.world);
    const { findings } = await ask(one);
    const own = findings.filter(({ check, state }) => check === 'session-name' && state === 'warning');
    expect(own).toHaveLength(count);
    const remedies = own.map(({ remedy }) => remedyText(remedy!)).join('\n');
    if (count > 0) expect(remedies).toMatch(/aws:userid[^]*awsRoleSessionName/);
  });
});
