import { AssumeRoleWithWebIdentityCommand } from '@aws-sdk/client-sts';
import { clients } from '../../../sandbox/testSandbox';
import { roleAt } from './foreignTrust';
import { ACCOUNT, CLUSTER, commandsOf, type Live, NAME, NAMESPACE } from './liveWorld';
import type { Situation } from './Situation';

/** A CustomResourceDefinition whose objects can have any fields. */
function definition(group: string, kind: string, plural: string): string {
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  return JSON.stringify({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      names: { kind, plural },
      scope: 'Namespaced',
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  });
}

export async function create(
  live: Live,
  group: string,
  kind: string,
  plural: string,
  name: string,
  spec: object,
): Promise<void> {
  await live.kubectl('apply -f -', definition(group, kind, plural));
  const object = { apiVersion: `${group}/v1`, kind, metadata: { name, namespace: NAMESPACE }, spec };
  await live.kubectl('apply -f -', JSON.stringify(object));
}

const store = (serviceAccount: string) => (live: Live) =>
  create(live, 'external-secrets.io', 'SecretStore', 'secretstores', 'orders', {
    provider: { aws: { service: 'SecretsManager', auth: { jwt: { serviceAccountRef: { name: serviceAccount } } } } },
  });

const volume = (secretProviderClass: string) => ({
  name: 'secrets',
  csi: { driver: 'secrets-store.csi.k8s.io', readOnly: true, volumeAttributes: { secretProviderClass } },
});

/** A controller requests a token of the service account from its own pod, and assumes the role. */
export async function assumeFromOutside(live: Live): Promise<void> {
  const WebIdentityToken = live.sandbox().kubernetes.createToken(CLUSTER, {
    namespace: NAMESPACE,
    serviceAccount: NAME,
    audience: 'sts.amazonaws.com',
    expiration: 3600,
  });
  const session = { RoleArn: roleAt('dual').arn, RoleSessionName: 'external-secrets', WebIdentityToken };
  await clients(live.sandbox(), ACCOUNT).sts.send(new AssumeRoleWithWebIdentityCommand(session));
}

const setImage =
  (image: string) =>
  async (live: Live): Promise<undefined> => {
    await live.kubectl(`set image deployment/${NAME} app=${image}`);
    return undefined;
  };

/** The DaemonSet of the Mountpoint driver. */
const mountpointDriver =
  (version: string) =>
  async (live: Live): Promise<undefined> => {
    const labels = { app: 's3-csi-node' };
    const image = `public.ecr.aws/mountpoint-s3-csi-driver/aws-mountpoint-s3-csi-driver:${version}`;
    const spec = {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 's3', image }] } },
    };
    const metadata = { name: 's3-csi-node', namespace: 'kube-system' };
    await live.kubectl(
      'apply -n kube-system -f -',
      JSON.stringify({ apiVersion: 'apps/v1', kind: 'DaemonSet', metadata, spec }),
    );
    return undefined;
  };

const removeAuth = async (live: Live): Promise<undefined> => {
  await live.kubectl(`patch secretstore orders --type=merge -p '{"spec":{"provider":{"aws":{"auth":null}}}}'`);
  return undefined;
};

/** Objects of known controllers, made with kubectl. */
export const CONTROLLER_SITUATIONS: readonly Situation[] = [
  {
    title: 'a SecretStore requests tokens for the service account',
    short: true,
    check: 'controllers',
    change: async (live) => {
      await store(NAME)(live);
      // Another account's store, and one of another kind, say nothing.
      await create(live, 'example.io', 'Store', 'stores', 'other', {});
    },
    found: new RegExp(`SecretStore ${NAMESPACE}/orders of External Secrets: .*AssumeRoleWithWebIdentity`),
    remedy: /^Remove spec\.provider\.aws\.auth: [^]*`stage: irsa, because: External Secrets requests a token/,
    mend: removeAuth,
  },
  {
    title: 'the controller of a SecretStore has assumed the role, and the finding names the SecretStore',
    check: 'annotation-readers',
    also: ['controllers no'],
    change: async (live) => {
      await store(NAME)(live);
      await assumeFromOutside(live);
    },
    found: new RegExp(
      `session external-secrets\\)\nObjects whose controllers assume the role: SecretStore ${NAMESPACE}/orders of External Secrets\\.$`,
    ),
    remedy: /lose the role when the annotation goes/,
    // A sandbox that starts again has an empty history.
    mendedGround: {},
    mend: removeAuth,
  },
  {
    title: 'the pods are those of Argo CD, whose cluster Secrets nobody reads',
    check: 'controllers',
    holds: 'unknown',
    change: async (live) => {
      const labels = { 'argocd.argoproj.io/secret-type': 'cluster' };
      const metadata = { name: 'prod-eu', namespace: NAMESPACE, labels };
      await live.kubectl('apply -f -', JSON.stringify({ apiVersion: 'v1', kind: 'Secret', metadata }));
      await setImage('quay.io/argoproj/argocd:v3.1.0')(live);
    },
    found: new RegExp(`label argocd\\.argoproj\\.io/secret-type=cluster of Argo CD in ${NAMESPACE}\\.`),
    remedy: /sts:TagSession[^]* get secrets -l argocd\.argoproj\.io\/secret-type=cluster -o name/,
    mend: setImage('registry.invalid/app'),
  },
  {
    title: 'the pods mount a volume of Mountpoint, and the driver is too old',
    check: 'controllers',
    change: async (live) => {
      const csi = {
        driver: 's3.csi.aws.com',
        volumeHandle: 'orders',
        volumeAttributes: { authenticationSource: 'pod' },
      };
      const spec = { csi, claimRef: { namespace: NAMESPACE, name: 'orders' } };
      const volume = { apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: 'orders' }, spec };
      await live.kubectl('apply -f -', JSON.stringify(volume));
      await mountpointDriver('v1.15.0')(live);
      const volumes = [{ name: 'orders', persistentVolumeClaim: { claimName: 'orders' } }];
      const patch = JSON.stringify({ spec: { template: { spec: { volumes } } } });
      await live.kubectl(`patch deployment ${NAME} --type=strategic -p '${patch}'`);
    },
    found: /^PersistentVolume orders of Mountpoint for Amazon S3 CSI driver: .*fails without it\. This version/,
    remedy: /^Upgrade the driver to v2\.0\.0/,
    mend: mountpointDriver('v2.0.0'),
  },
  {
    title: 'a SecretProviderClass of the pods still uses the annotation',
    short: true,
    check: 'controllers',
    change: async (live) => {
      await create(live, 'secrets-store.csi.x-k8s.io', 'SecretProviderClass', 'secretproviderclasses', 'orders', {
        provider: 'aws',
        parameters: { objects: '- objectName: orders' },
      });
      const patch = JSON.stringify({ spec: { template: { spec: { volumes: [volume('orders')] } } } });
      await live.kubectl(`patch deployment ${NAME} --type=strategic -p '${patch}'`);
    },
    found: new RegExp(
      `SecretProviderClass ${NAMESPACE}/orders .*does not work at cutover: spec\\.parameters\\.usePodIdentity is not set`,
    ),
    remedy: /patch secretproviderclasses\.secrets-store\.csi\.x-k8s\.io orders --type=merge/,
    mend: async (live, evidence) => {
      const commands = commandsOf(evidence);
      expect(commands).not.toEqual([]);
      for (const command of commands) await live.run(command);
      return undefined;
    },
  },
];
