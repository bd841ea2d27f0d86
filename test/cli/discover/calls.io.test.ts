import type { DiscoverReport } from '../../../src/cli/discover/reportText';
import { eksctlOidc, openPodIdentity, seedOf, type Shape, trustOf } from '../../operations/discover/shapes';
import { useSandbox } from '../../sandbox/testSandbox';
import { liveDiscover, WITHOUT_CLUSTER } from './liveDiscover';

/** docs/performance.md has the figures for 1,000. */
const WORKLOADS = 200;

/** Each with a role of its own, an inline and an attached policy, and an association, which takes a call. */
const SHAPES = Array.from({ length: WORKLOADS }, (_, index): Shape => {
  const [namespace, name] = [`team-${index % 40}`, `app-${index}`];
  return {
    of: `${namespace}/${name}`,
    annotated: true,
    association: {},
    found: 'dual',
    role: {
      name: `eksctl-${namespace}-${name}`,
      trust: trustOf(eksctlOidc(namespace, name), openPodIdentity),
      attached: ['arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess'],
      inline: { s3: trustOf({ Effect: 'Allow', Action: 's3:GetObject', Resource: `arn:aws:s3:::${name}/*` }) },
      tags: { 'alpha.eksctl.io/iamserviceaccount-name': `${namespace}/${name}` },
    },
  };
});

const holder = useSandbox(() => ({
  seed: seedOf(SHAPES, [{ name: 'eks-pod-identity-agent' }]),
  quotas: { rolesPerAccount: 5000 },
}));

it('takes at most 1.5 calls a workload', async () => {
  const { exit, out } = await liveDiscover(holder.sandbox, WITHOUT_CLUSTER, { write: true, format: 'json' });
  const { asked, workloads, left, findings } = JSON.parse(out) as DiscoverReport;
  expect([exit, findings, left]).toEqual([0, [], []]);
  expect(workloads).toHaveLength(WORKLOADS);
  expect(asked?.calls).toBeLessThanOrEqual(1.5 * WORKLOADS);
});
