import { readFileSync } from 'node:fs';
import { initialise, planAndApply } from '../../src/runners/stackCommands';
import { podCredentials } from '../../src/sandbox/podCredentials';
import type { SandboxSeed } from '../../src/sandbox/Seed';
import type { Pod } from '../../src/sandbox/startSandbox';
import { type EstateProject, estateProject, run } from './estateProject';

// Accounts by pattern, live: the example of docs/PATTERNS.md at `dual`, with the real Terraform, AWS CLI and SDK.

const ACCOUNT = '111111111111';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/dev-previews`;
const INVENTORY =
  readFileSync('examples/patterns/inventory.yaml', 'utf8').replace('include: [expanded.yaml]\n', '') +
  'expanded:\n  previews:\n    main:\n      - { namespace: pr-1, serviceAccount: app }\n';
const ISSUER = 'https://oidc.eks.us-west-2.amazonaws.com/id/D1D1D1D1D1D1D1D1D1D1D1D1D1D1D1D1';

const main = { account: ACCOUNT, region: 'us-west-2', name: 'dev-main' };
const other = { ...main, name: 'dev-other' };
/** Whoever can write an annotation can name any role. */
const annotated = (of: string) => {
  const [namespace = '', name = ''] = of.split('/');
  return { namespace, name, annotations: { 'eks.amazonaws.com/role-arn': ROLE } };
};
const WITHIN = ['pr-1/app', 'pr-4/app'];
const OUTSIDE = ['shop/app', 'xpr-1/app', 'pr/app', 'pr-4/web', 'pr-4/app-2'];
const agent = { addons: [{ name: 'eks-pod-identity-agent', version: 'v1.3.4-eksbuild.1' }] };
const SEED: SandboxSeed = {
  ambientAccount: ACCOUNT,
  roles: [],
  clusters: [
    { ...main, version: '1.33', issuer: ISSUER, serviceAccounts: [...WITHIN, ...OUTSIDE].map(annotated) },
    { ...other, ...agent, version: '1.33', serviceAccounts: [annotated('pr-1/app')] },
  ],
};

let project: EstateProject;
beforeAll(async () => {
  project = await estateProject(INVENTORY, SEED);
  await apply();
});
afterAll(() => project.close());

/** Applies the inventory as it stands; EKS then sees all associations. */
async function apply() {
  project.synth(project.inventory());
  const stack = project.stack('dev-identity');
  await initialise(stack);
  return planAndApply(stack);
}

function podOf(of: string, cluster = main): Pod {
  const [namespace = '', serviceAccount = ''] = of.split('/');
  return project.sandbox.kubernetes.admitPod({ cluster, namespace, serviceAccount });
}

/** Which credentials a new pod gets, and what AWS answers to it: `role`, or the error. */
async function answerTo(pod: Pod): Promise<string> {
  const { source } = await podCredentials(pod, { endpoint: project.sandbox.endpoint });
  const what = source.ok ? (source.arn.includes(':assumed-role/dev-previews/') ? 'role' : source.arn) : 'denied';
  return `${pod.uses}: ${what}`;
}

/** An association as somebody makes it who may call EKS and pass the role. */
function associate(of: string, { name } = main) {
  const [namespace = '', serviceAccount = ''] = of.split('/');
  const words = ['eks', 'create-pod-identity-association', '--cluster-name', name, '--region', 'us-west-2'];
  return run(
    [...words, '--namespace', namespace, '--service-account', serviceAccount, '--role-arn', ROLE],
    project.environment,
    'aws',
  );
}

describe('a workload by pattern at dual', () => {
  it('gives pr-1 Pod Identity, and pr-4, which nobody has expanded yet, IRSA', async () => {
    expect(await answerTo(podOf('pr-1/app'))).toBe('pod-identity: role');
    expect(await answerTo(podOf('pr-4/app'))).toBe('irsa: role');
  });

  it.each(OUTSIDE)('denies %s the role by IRSA, whatever its annotation says', async (of) => {
    const before = project.sandbox.denials().length;
    expect(await answerTo(podOf(of))).toBe('irsa: denied');
    const [denial] = project.sandbox.denials().slice(before);
    expect(denial?.explanation).toMatch(/trust policy of .*dev-previews.*not under these conditions/s);
  });

  it('denies the same name on another cluster', async () => {
    expect(await answerTo(podOf('pr-1/app', other))).toBe('irsa: denied');
  });

  it('moves pr-4 to Pod Identity by the next run of expand and an apply that only adds its association', async () => {
    expect((await project.podlift('expand', '--environment', 'dev', '--check')).code).toBe(1);
    const { code, stdout } = await project.podlift('expand', '--environment', 'dev', '--write');
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('1 known, 1 new, 0 gone') });
    const running = podOf('pr-4/app');
    const { counts } = await apply();
    expect(counts).toMatchObject({ add: 1, change: 0, destroy: 0 });
    expect(await answerTo(podOf('pr-4/app'))).toBe('pod-identity: role');
    // A pod from before keeps what the webhook gave it.
    expect(await answerTo(running)).toBe('irsa: role');
    expect((await project.podlift('expand', '--environment', 'dev', '--check')).code).toBe(0);
  });

  it.each<[string, string, typeof main]>([
    ['shop/app', 'this cluster', main],
    ['pr-4/web', 'this cluster', main],
    ['pr-1/app', 'another cluster', other],
  ])('denies %s on %s the role by an association that somebody makes for it', async (of, _where, cluster) => {
    expect(await associate(of, cluster)).toMatchObject({ code: 0 });
    const before = project.sandbox.denials().length;
    expect(await answerTo(podOf(of, cluster))).toBe('pod-identity: denied');
    const [denial] = project.sandbox.denials().slice(before);
    expect(denial?.explanation).toMatch(/aws:RequestTag\/(kubernetes-|eks-cluster-arn)/);
  });
});
