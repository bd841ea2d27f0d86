import type { Statement } from '../../../src/iam/PolicyDocument';
import { remedyText } from '../../../src/cli/report';
import { BATCH_ISSUER_NAME, BATCH_PROVIDER, checkedWith, ONE_CLUSTER, TWO_CLUSTERS, twoClusters } from './checked';
import { refused } from './foundOf';
import { eksctlOidc, openPodIdentity, type Shape, trustOf } from './shapes';

const onBatch = (namespace: string, name: string): Statement => ({
  Effect: 'Allow',
  Action: ['sts:AssumeRoleWithWebIdentity'],
  Principal: { Federated: BATCH_PROVIDER },
  Condition: {
    StringEquals: {
      [`${BATCH_ISSUER_NAME}:aud`]: 'sts.amazonaws.com',
      [`${BATCH_ISSUER_NAME}:sub`]: `system:serviceaccount:${namespace}:${name}`,
    },
  },
});
const IRSA = trustOf(eksctlOidc('shop', 'api'), onBatch('shop', 'api'));
const DUAL = trustOf(eksctlOidc('shop', 'api'), onBatch('shop', 'api'), openPodIdentity);
const PODS = trustOf(openPodIdentity);
const shape = (of: string, trust: Shape['role']['trust'], more: Partial<Shape> = {}): Shape => ({
  of,
  annotated: true,
  found: 'irsa',
  role: { name: 'api', trust },
  ...more,
});
/** YAML of an inventory after a change, without what did not change. */
const linesOf = (text: string, before: string) => text.split('\n').filter((line) => !before.split('\n').includes(line));

describe('a role that two clusters of the inventory use', () => {
  it.each<[string, readonly Shape[], readonly Shape[], object]>([
    ['at irsa', [shape('shop/api', IRSA)], [shape('shop/api', IRSA)], { namespace: 'shop', wave: 'prod-main' }],
    [
      'at dual',
      [shape('shop/api', DUAL, { association: {} })],
      [shape('shop/api', DUAL, { association: {} })],
      {
        wave: 'prod-main-dual',
        found: 'dual',
        role: expect.objectContaining({ imports: { associations: { main: 'a-0', batch: 'a-batch0' } } }),
      },
    ],
    [
      'by associations alone',
      [shape('shop/api', PODS, { annotated: false, association: {} })],
      [shape('shop/api', PODS, { annotated: false, association: {} })],
      { stage: 'pod-identity' },
    ],
    [
      'under different names',
      [shape('shop/api', PODS, { annotated: false, association: {} })],
      [shape('jobs/worker', PODS, { annotated: false, association: {} })],
      {
        subjects: [
          { namespace: 'shop', serviceAccount: { name: 'api', manage: 'none' }, clusters: ['main'] },
          { namespace: 'jobs', serviceAccount: { name: 'worker', manage: 'none' }, clusters: ['batch'] },
        ],
      },
    ],
  ])('gets one entry with both, %s', (_what, main, batch, expected) => {
    for (const cluster of ['main', 'batch']) {
      const { proposal, findings } = checkedWith(TWO_CLUSTERS, twoClusters(main, batch), { cluster });
      expect([proposal.left, findings]).toEqual([[], []]);
      expect(proposal.workloads[0]!.entry).toMatchObject({
        clusters: ['main', 'batch'],
        ...expected,
        ...('wave' in expected && { wave: (expected.wave as string).replace('main', cluster) }),
      });
    }
  });

  it('is left out on both where they are at different stages there', () => {
    const estate = twoClusters([shape('shop/api', DUAL, { association: {} })], [shape('shop/api', DUAL)]);
    for (const cluster of ['main', 'batch']) {
      const { proposal } = checkedWith(TWO_CLUSTERS, estate, { cluster });
      expect(proposal.left).toEqual([expect.objectContaining({ reason: 'shared-role' })]);
      expect(proposal.left[0]!.message).toContain(
        'shop/api (cluster main) is at dual, shop/api (cluster batch) is at prepared',
      );
      expect(remedyText(proposal.left[0]!.remedy)).toContain('--cluster-name prod-batch');
      expect(remedyText(proposal.left[0]!.remedy)).not.toMatch(/narrow|remove|take away/i);
    }
  });

  it('keeps the statement of a cluster that cannot be read, and says so', () => {
    const estate = twoClusters([shape('shop/api', IRSA)], [shape('shop/api', IRSA)], { pods: refused('no login') });
    const { proposal } = checkedWith(TWO_CLUSTERS, estate);
    expect(proposal.workloads[0]!.entry).toMatchObject({ clusters: ['main'] });
    expect(proposal.workloads[0]!.entry.role!.keepTrust).toHaveLength(1);
    expect(proposal.notes.join()).toMatch(/Could not read cluster batch .*no login/);
  });
});

describe('a workload of the inventory whose role a second cluster uses', () => {
  const written = (trust: Shape['role']['trust'], parts: Partial<Shape>) =>
    checkedWith(ONE_CLUSTER, twoClusters([shape('shop/api', trust, parts)], [])).edit!.text;

  it.each<[string, Shape['role']['trust'], Partial<Shape>, Shape, RegExp[]]>([
    [
      'at irsa, whose issuer keepTrust names: the statement moves',
      IRSA,
      {},
      shape('shop/api', IRSA),
      [/clusters: \[main, prod-batch\]/],
    ],
    [
      'at dual, with the id of the association',
      DUAL,
      { association: {} },
      shape('shop/api', DUAL, { association: {} }),
      [/clusters: \[main, prod-batch\]/, /prod-batch: a-batch0/],
    ],
    [
      'by associations alone',
      PODS,
      { annotated: false, association: {} },
      shape('shop/api', PODS, { annotated: false, association: {} }),
      [/clusters: \[main, prod-batch\]/, /prod-batch: a-batch0/],
    ],
    [
      'under another name',
      PODS,
      { annotated: false, association: {} },
      shape('jobs/worker', PODS, { annotated: false, association: {} }),
      [/namespace: jobs/, /serviceAccount: \{ name: worker, manage: none \}/, /prod-batch: a-batch0/],
    ],
  ])('gets the cluster %s', (_what, trust, parts, second, lines) => {
    const text = written(trust, parts);
    const estate = twoClusters([shape('shop/api', trust, parts)], [second]);
    const { proposal, edit, findings } = checkedWith(text, estate, { cluster: 'prod-batch' });
    expect([proposal.left.filter(({ agrees }) => agrees !== true), findings]).toEqual([[], []]);
    expect(proposal.edits).toEqual([expect.objectContaining({ workload: 'api', clusters: ['prod-batch'] })]);
    for (const line of lines) expect(edit!.text).toMatch(line);
    expect(edit!.text).not.toContain('keepTrust');
    // The second run has nothing to add.
    const again = checkedWith(edit!.text, estate, { cluster: 'prod-batch' });
    expect([again.proposal.edits, again.proposal.workloads]).toEqual([[], []]);
    expect(again.proposal.left.every(({ agrees }) => agrees)).toBe(true);
  });

  it('keeps the comments of the file', () => {
    const text = written(DUAL, { association: {} }).replace('  api:', '  # the shop\n  api:   # first');
    const estate = twoClusters(
      [shape('shop/api', DUAL, { association: {} })],
      [shape('shop/api', DUAL, { association: {} })],
    );
    const { edit } = checkedWith(text, estate, { cluster: 'prod-batch' });
    expect(edit!.text).toContain('  # the shop\n  api:   # first');
  });

  it('is changed by hand where a comment would be lost, with all lines and the id of the association', () => {
    const text = written(DUAL, { association: {} }).replace(
      'clusters: [main]',
      'clusters: # where\n      - main # here',
    );
    const estate = twoClusters(
      [shape('shop/api', DUAL, { association: {} })],
      [shape('shop/api', DUAL, { association: {} })],
    );
    const { proposal } = checkedWith(text, estate, { cluster: 'prod-batch' });
    const [left] = proposal.left.filter(({ agrees }) => agrees !== true);
    expect(left!.reason).toBe('role-taken');
    expect(left!.snippet).toContain('clusters: [main, prod-batch]');
    expect(left!.snippet).toContain('prod-batch: a-batch0');
    expect(remedyText(left!.remedy)).toContain('without the id of the association fails');
  });

  it('is not changed while the second cluster is at another stage', () => {
    const text = written(DUAL, { association: {} });
    const estate = twoClusters([shape('shop/api', DUAL, { association: {} })], [shape('shop/api', DUAL)]);
    const { proposal, edit } = checkedWith(text, estate, { cluster: 'prod-batch' });
    expect(proposal.edits).toEqual([]);
    const [left] = proposal.left.filter(({ agrees }) => agrees !== true);
    expect(remedyText(left!.remedy)).not.toMatch(/remove|delete/i);
    expect(edit?.text ?? '').not.toContain('clusters: [main, prod-batch]');
  });

  it('gets another service account of its own cluster', () => {
    const trust = trustOf(openPodIdentity);
    const parts = { annotated: false, association: {} };
    const text = checkedWith(ONE_CLUSTER, twoClusters([shape('shop/api', trust, parts)], [])).edit!.text;
    const estate = twoClusters([shape('shop/api', trust, parts), shape('shop/worker', trust, parts)], []);
    const { proposal, edit } = checkedWith(text, estate);
    expect(proposal.edits).toHaveLength(1);
    expect(linesOf(edit!.text, text).join('\n')).toMatch(/subjects:[^]*name: worker/);
    expect(edit!.text).toContain('associations: { main: { shop/api: a-0, shop/worker: a-1 } }');
  });
});

describe('a new cluster that breaks what is written already', () => {
  // Without `clusters` a workload runs on every cluster of its environments.
  const everywhere = (statement: Statement) => `${ONE_CLUSTER}
workloads:
  old:
    stage: irsa
    because: later
    namespace: old
    serviceAccount: { name: old, manage: none }
    role: { name: old, adopt: true, keepTrust: [${JSON.stringify(statement)}] }
`;

  const estate = twoClusters([], [shape('shop/api', IRSA)]);

  it.each([
    ['names another service account of it', onBatch('other', 'other')],
    ['names the workload there', onBatch('old', 'old')],
    ['has a reason', { ...onBatch('old', 'old'), because: 'the batch cluster' }],
  ])('is refused where a kept statement %s, with the reason and the fix', (_what, kept) => {
    const { edit, findings } = checkedWith(everywhere(kept), estate, { cluster: 'prod-batch' });
    expect(edit).toBeUndefined();
    expect(findings).toEqual([expect.objectContaining({ path: 'workloads.old.role.keepTrust[0]' })]);
    expect(findings[0]!.hint).toContain('write `clusters: [main]` into workloads.old');
    expect(findings[0]!.hint).not.toMatch(/lose the role|remove/i);
  });

  it('is written where the workloads name their clusters', () => {
    const text = everywhere(onBatch('old', 'old')).replace(
      '    namespace: old',
      '    clusters: [main]\n    namespace: old',
    );
    const { edit, findings } = checkedWith(text, estate, { cluster: 'prod-batch' });
    expect(findings).toEqual([]);
    expect(edit!.text).toContain('name: prod-batch');
  });

  it('is written with a note on each workload that would run there too', () => {
    const text = everywhere(onBatch('old', 'old')).replace(/, keepTrust: .*\]/, '');
    const { proposal } = checkedWith(text, estate, { cluster: 'prod-batch' });
    expect(proposal.notes.join()).toMatch(/Workload old names no clusters.*clusters: \[main\]/);
  });
});
