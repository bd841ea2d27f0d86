import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { inventoryIn, run, SOUND, useFolder } from './commandLine';

const folder = useFolder();
/** The workload's own permissions keep it from the role in its target account. */
const DENIED = SOUND.replace('accounts: {', 'accounts: { data: { id: "444444444444" },').replace(
  'permissions: { statements: [',
  'targets: { ledger: { account: data, permissions: { managedPolicies: [ReadOnlyAccess] } } }\n    permissions: { statements: [{ effect: Deny, actions: ["sts:AssumeRole"], resources: ["arn:aws:iam::444444444444:role/*"] }, ',
);
const WRONG_ACCOUNT = SOUND.replace('account: apps', 'account: app');

describe('main.ts', () => {
  const synth = (env: Record<string, string>) =>
    run(['-r', 'tsx/cjs', 'main.ts'], { CDKTF_OUTDIR: join(folder.path, 'out'), ...env });

  it('prints the findings and exits 1 before it writes anything', () => {
    const { status, stderr } = synth(inventoryIn(folder, WRONG_ACCOUNT));
    expect(stderr).toMatch(/inventory\.yaml:5:14/);
    expect(status).toBe(1);
    expect(existsSync(join(folder.path, 'out'))).toBe(false);
  });

  it('writes the stacks into the folder that CDKTF_OUTDIR names', () => {
    expect(synth(inventoryIn(folder, SOUND)).status).toBe(0);
    expect(readdirSync(join(folder.path, 'out', 'stacks'))).toEqual(['prod-identity']);
  });

  const TWO = SOUND.replace('workloads:', '  dev: { account: apps, region: us-west-2, clusters: {} }\nworkloads:');

  it('limits itself to the environment that PODLIFT_ENVIRONMENT names', () => {
    expect(synth({ ...inventoryIn(folder, TWO), PODLIFT_ENVIRONMENT: 'prod' }).status).toBe(0);
    expect(readdirSync(join(folder.path, 'out', 'stacks'))).toEqual(['prod-identity']);
  });

  it('says which environments there are when that name is none of them', () => {
    const { status, stderr } = synth({ ...inventoryIn(folder, TWO), PODLIFT_ENVIRONMENT: 'prd' });
    expect(stderr).toMatch(/"prd".*prod, dev/);
    expect(status).toBe(1);
  });

  it('writes the same files each time', () => {
    const env = inventoryIn(folder, SOUND);
    const once = [1, 2].map((run_) => {
      synth({ ...env, CDKTF_OUTDIR: join(folder.path, `out${run_}`) });
      return readFileSync(join(folder.path, `out${run_}`, 'stacks/prod-identity/cdk.tf.json'), 'utf8');
    });
    expect(once[0]).toBe(once[1]);
  });

  it('writes nothing when the proof fails, and says where and how to go on', () => {
    const { status, stderr } = synth(inventoryIn(folder, DENIED));
    expect(stderr).toMatch(
      /inventory\.yaml:\d+:\d+ {2}error {2}.*cannot assume role prod-api-ledger.*statement 0.*\[proof-path\]/,
    );
    expect(stderr).toMatch(/No stack is written.*PODLIFT_PROOF=off/);
    expect(status).toBe(1);
    expect(existsSync(join(folder.path, 'out'))).toBe(false);
  });

  it('goes on without proof when PODLIFT_PROOF is off, and says so loudly', () => {
    const { status, stderr } = synth({ ...inventoryIn(folder, DENIED), PODLIFT_PROOF: 'off' });
    expect(stderr).toMatch(/PODLIFT_PROOF=off: THE STACKS ARE WRITTEN WITHOUT PROOF/);
    expect(status).toBe(0);
    expect(existsSync(join(folder.path, 'out', 'stacks'))).toBe(true);
  });

  const MANAGED = SOUND.replace('name: prod-main,', 'name: prod-main, kubernetes: { context: prod-main },');
  const SEVERAL = { KUBECONFIG: ['a', 'b'].join(delimiter), KUBE_CONFIG_PATH: 'c' };

  it('writes kubeconfigs as absolute paths: Terraform runs in the folder of a stack', () => {
    expect(synth({ ...inventoryIn(folder, MANAGED), KUBECONFIG: 'kubeconfig', KUBE_CONFIG_PATH: '' }).status).toBe(0);
    const stack = readFileSync(join(folder.path, 'out', 'stacks/prod-service-accounts-main/cdk.tf.json'), 'utf8');
    expect(stack).toContain(`"config_path": "${resolve('kubeconfig')}"`);
  });

  it('writes no stack of service accounts that Terraform would refuse for its variables', () => {
    const { status, stderr } = synth({ ...inventoryIn(folder, MANAGED), ...SEVERAL });
    expect(stderr).toBe(
      'KUBECONFIG lists 2 files and KUBE_CONFIG_PATH is "c": Terraform\'s Kubernetes provider accepts only one of the two.\n' +
        'Unset KUBE_CONFIG_PATH, or list one file in KUBECONFIG:\nunset KUBE_CONFIG_PATH\n',
    );
    expect(status).toBe(1);
    expect(readdirSync(join(folder.path, 'out', 'stacks'))).toEqual([]);
  });

  it('takes any variables where there is no stack of service accounts', () => {
    expect(synth({ ...inventoryIn(folder, SOUND), ...SEVERAL }).status).toBe(0);
  });
});
