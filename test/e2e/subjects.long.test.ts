import { initialise, plan, planAndApply } from '../../src/runners/stackCommands';
import { INVENTORY, rehearse } from './rehearseWave';
import { terraformProject } from './terraformProject';

const ALONE = '    namespace: shop\n    serviceAccount: api\n';
const at = (stage: string, accounts: string) =>
  INVENTORY.replace('{ dev: irsa }', `{ dev: ${stage} }`)
    .replace('agent: { version: v1.3.4-eksbuild.1 }\n', (agent) => agent + BATCH)
    .replace(ALONE, accounts);
const BATCH = `      batch:
        name: dev-batch
        version: "1.33"
        oidc: { issuer: "https://oidc.eks.us-west-2.amazonaws.com/id/D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2", provider: managed }
        agent: { version: v1.3.4-eksbuild.1 }
`;
const LISTED = '    subjects:\n      - { namespace: shop, serviceAccount: api }\n    because: one team\n';
const SEVERAL = LISTED.replace(
  '    because',
  '      - { namespace: shop, serviceAccount: worker }\n      - { namespace: night, serviceAccount: api, clusters: [batch] }\n    because',
);

it('Terraform replaces nothing when the short form becomes subjects, creates what is added, and goes back', async () => {
  const project = await terraformProject(at('dual', ALONE));
  try {
    const stacks = ['dev-targets-data', 'dev-identity'].map((name) => project.stack(name));
    project.synth(at('dual', ALONE));
    for (const stack of stacks) {
      await initialise(stack);
      await planAndApply(stack);
    }
    const planned = async (accounts: string) => {
      project.synth(at('dual', accounts));
      return (await plan(stacks[1]!)).counts;
    };
    expect(await planned(LISTED)).toMatchObject({ add: 0, change: 0, destroy: 0 });
    // The trust policy changes; `worker` gets an association on each cluster, `night/api` on one.
    expect(await planned(SEVERAL)).toMatchObject({ add: 3, change: 1, destroy: 0 });
    for (const stack of stacks) await planAndApply(stack);
    expect(await planned(SEVERAL)).toMatchObject({ add: 0, change: 0, destroy: 0 });
    expect(await planned(ALONE)).toMatchObject({ add: 0, change: 1, destroy: 3 });
  } finally {
    await project.close();
  }
});

it('three service accounts on two clusters move together, and no pod of theirs is denied', async () => {
  const { code, stdout, stderr } = await rehearse(at('irsa', SEVERAL), ['--to', 'dual']);
  expect(`${stdout}${stderr}`).not.toMatch(/DENIED/);
  expect(stdout).toMatch(/Every pod got the roles of its stage/);
  expect(code).toBe(0);
});
