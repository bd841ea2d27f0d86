import { parse } from 'yaml';
import { INVENTORY, SEED } from '../../e2e/leftByOthers';
import { useSandbox } from '../../sandbox/testSandbox';
import { liveDiscover } from './liveDiscover';

const holder = useSandbox(() => ({ seed: SEED }));

it('adopts no trust that differs from podlift’s own in brackets or order alone', async () => {
  const { out } = await liveDiscover(holder.sandbox, INVENTORY);
  const { workloads } = parse(out) as { workloads: Record<string, { role: { adoptedTrust?: { oidc?: unknown } } }> };
  const adopted = (keys: readonly string[]) => keys.filter((key) => workloads[key]!.role.adoptedTrust !== undefined);
  // eksctl's action is a list of one, the Terraform module's subject is; the others have another operator, or a Sid.
  expect(adopted(['catalog', 'loader', 'cdk-api', 'importer', 'billing'])).toEqual(['importer', 'billing']);
  expect(workloads.carts!.role.adoptedTrust?.oidc).toBeUndefined();
});
