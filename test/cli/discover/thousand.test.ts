import type { DiscoverReport } from '../../../src/cli/discover/reportText';
import { eksctlOidc, openPodIdentity, seedOf, type Shape, trustOf } from '../../operations/discover/shapes';
import { useSandbox } from '../../sandbox/testSandbox';
import { liveDiscover, WITHOUT_CLUSTER } from './liveDiscover';

/** Each with a role of its own, an inline and an attached policy; every tenth has an association. */
const SHAPES = Array.from({ length: 1000 }, (_, index): Shape => {
  const [namespace, name] = [`team-${index % 40}`, `app-${index}`];
  const associated = index % 10 === 0;
  return {
    of: `${namespace}/${name}`,
    annotated: true,
    ...(associated && { association: {} }),
    found: associated ? 'dual' : 'irsa',
    role: {
      name: `eksctl-${namespace}-${name}`,
      trust: trustOf(eksctlOidc(namespace, name), ...(associated ? [openPodIdentity] : [])),
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

it('takes 1,000 service accounts over, and says how many calls that took', async () => {
  const { exit, out } = await liveDiscover(holder.sandbox, WITHOUT_CLUSTER, { write: true, format: 'json' });
  const { asked, workloads, left, findings } = JSON.parse(out) as DiscoverReport;
  expect(findings).toEqual([]);
  expect(left).toEqual([]);
  expect(workloads).toHaveLength(1000);
  expect(exit).toBe(0);
  // A cluster, a provider, add-ons and associations; of each role four: itself, its two lists, its inline policy; of each association one.
  expect(asked.calls).toBeLessThanOrEqual(4 * 1000 + 100 + 20);
}, 400_000);
