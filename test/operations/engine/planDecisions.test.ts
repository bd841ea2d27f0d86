import { compile } from '../../../src/blueprint/compile';
import type { Stage } from '../../../src/inventory/Inventory';
import { lossesOf } from '../../../src/operations/engine/losses';
import { knownKeys } from '../../../src/operations/engine/ownerOfAddress';
import { selectStacks } from '../../../src/operations/engine/selectStacks';
import { otherChanges, waveScope } from '../../../src/operations/engine/waveScope';
import { clusterOf, environmentOf, inventoryOf, targetOf, workloadOf } from '../../blueprint/inventoryOf';

const role = (workload: string) => ({
  type: 'aws_iam_role',
  address: `aws_iam_role.workloads_${workload}_role_4F61690B`,
});
const association = (workload: string) => ({
  type: 'aws_eks_pod_identity_association',
  address: `aws_eks_pod_identity_association.workloads_${workload}_main_association_885A585C`,
});
const policy = { type: 'aws_iam_role_policy', address: 'aws_iam_role_policy.workloads_api_inline_AF13C351' };
const agent = { type: 'aws_eks_addon', address: 'aws_eks_addon.agents_main_addon_F0B7BF76' };

describe('the changes that need --allow-destroy', () => {
  const KNOWN = { workloads: new Set(['api']), clusters: new Set(['main']) };

  it.each<[string, Stage, { type: string; address: string; action: string }, boolean]>([
    ['a role that is destroyed', 'irsa', { ...role('api'), action: 'delete' }, true],
    ['a role that is replaced', 'pod-identity', { ...role('api'), action: 'replace' }, true],
    ['a role of no workload any more', 'irsa', { ...role('gone'), action: 'delete' }, true],
    ['a role that is changed', 'dual', { ...role('api'), action: 'update' }, false],
    ['a role that Terraform forgets', 'dual', { ...role('api'), action: 'forget' }, false],
    ['an association that the stage irsa takes away', 'irsa', { ...association('api'), action: 'delete' }, false],
    [
      'an association that the stage prepared takes away',
      'prepared',
      { ...association('api'), action: 'delete' },
      false,
    ],
    ['an association at dual', 'dual', { ...association('api'), action: 'delete' }, true],
    ['an association that is replaced at cutover', 'cutover', { ...association('api'), action: 'replace' }, true],
    ['an association at pod-identity', 'pod-identity', { ...association('api'), action: 'delete' }, true],
    ['an association that is created', 'dual', { ...association('api'), action: 'create' }, false],
    ['an association of no workload any more', 'irsa', { ...association('gone'), action: 'delete' }, true],
    ['an inline policy', 'dual', { ...policy, action: 'delete' }, false],
    ['an agent', 'irsa', { ...agent, action: 'delete' }, false],
  ])('%s, with its workload at %s', (_, stage, change, needsIt) => {
    const stages = new Map([['api', stage]]);
    const losses = lossesOf({ stack: 'prod-identity', changes: [change], known: KNOWN, stages });
    expect(losses.map(({ address }) => address)).toEqual(needsIt ? [change.address] : []);
  });

  it('name the workload and its stage', () => {
    const changes = [{ ...association('api'), action: 'replace' }];
    const stages = new Map<string, Stage>([['api', 'dual']]);
    expect(lossesOf({ stack: 'prod-identity', changes, known: KNOWN, stages })).toEqual([
      {
        stack: 'prod-identity',
        address: association('api').address,
        action: 'replace',
        kind: 'association',
        workload: 'api',
        stage: 'dual',
      },
    ]);
  });
});

describe('a wave', () => {
  const ADDON = { name: 'aws-ebs-csi-driver', version: 'v1.35.0-eksbuild.1', adopt: false };
  const environment = environmentOf({
    clusters: [
      clusterOf({
        key: 'main',
        kubernetes: { context: 'main' },
        addons: [{ ...ADDON, serviceAccounts: { 'ebs-csi-controller-sa': 'ebs' } }],
      }),
      clusterOf({ key: 'batch', kubernetes: { context: 'batch' } }),
    ],
    workloads: [
      workloadOf({ key: 'api', wave: 'pilot', targets: [targetOf()] }),
      workloadOf({ key: 'web', wave: 'later', clusters: ['main', 'batch'] }),
      workloadOf({ key: 'ebs', wave: 'later', serviceAccount: { name: 'ebs-csi-controller-sa', manage: 'none' } }),
      workloadOf({ key: 'jobs', wave: 'night', clusters: ['batch'] }),
    ],
  });
  const blueprint = compile(inventoryOf(environment), 'prod');
  const known = knownKeys(environment, blueprint);

  it.each([
    ['pilot', ['prod-identity', 'prod-targets-data-prod', 'prod-service-accounts-main']],
    ['later', ['prod-identity', 'prod-service-accounts-main', 'prod-service-accounts-batch']],
    ['night', ['prod-identity', 'prod-service-accounts-batch']],
    ['none', []],
  ])('%s means all stacks with a resource of its workloads', (wave, stacks) => {
    expect(waveScope(wave, environment, blueprint).stacks).toEqual(stacks);
  });

  it.each([
    ['its own workload', role('api'), true],
    ['another workload', role('web'), false],
    ['a workload that is gone', role('gone'), false],
    ['the agent of a cluster on which it runs', agent, true],
    ['the agent of another cluster', { address: 'aws_eks_addon.agents_batch_addon_F0B7BF76' }, false],
    [
      'an add-on of another workload on its cluster',
      { address: 'aws_eks_addon.addons_main_aws-ebs-csi-driver_addon_F0B7BF76' },
      false,
    ],
    ['an add-on of no workload on its cluster', { address: 'aws_eks_addon.addons_main_coredns_addon_F0B7BF76' }, true],
  ])('of pilot has %s: %s', (_, { address }, isOwn) => {
    const scope = waveScope('pilot', environment, blueprint);
    const changes = [{ address, action: 'update' }];
    const others = otherChanges('prod-identity', changes, scope, known, blueprint.addons);
    expect(others.map((one) => one.address)).toEqual(isOwn ? [] : [address]);
  });

  it('lists also what changes the state alone', () => {
    const scope = waveScope('pilot', environment, blueprint);
    const changes = [{ ...role('web'), action: 'import' }];
    expect(otherChanges('prod-identity', changes, scope, known, blueprint.addons)).toMatchObject([
      { action: 'import', workload: 'web' },
    ]);
  });
});

describe('stacks by name', () => {
  const KNOWN = ['dev-identity', 'prod-identity', 'prod-targets-data', 'prod-service-accounts-main'];

  it.each([
    ['no word', [], KNOWN],
    ['a name', ['prod-identity'], ['prod-identity']],
    ['a pattern', ['prod-*'], KNOWN.slice(1)],
    [
      'names and patterns, in the order of the roots',
      ['prod-t*', 'dev-identity'],
      ['dev-identity', 'prod-targets-data'],
    ],
    ['a pattern in the middle', ['*-identity'], ['dev-identity', 'prod-identity']],
  ])('%s', (_, words, stacks) => {
    expect(selectStacks(KNOWN, words)).toEqual({ stacks });
  });

  it.each(['prod-identit', 'stage-*', 'dev.identity'])('%s is none', (word) => {
    expect(selectStacks(KNOWN, [word])).toMatchObject({
      problem: expect.stringContaining(`there is no stack "${word}"`),
    });
  });
});
