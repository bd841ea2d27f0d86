import { catalogue, hasPermissions } from '../../src/catalogue/catalogue';
import { recognised, type SeenUsers } from '../../src/catalogue/recognise';

const DNS = 'registry.k8s.io/external-dns/external-dns:v0.15.0';
const FLUENT = 'cr.fluentbit.io/fluent/fluent-bit:3.2.10';

/** The names of what users look like, each with the signs. */
const signsOf = (seen: Partial<SeenUsers>) =>
  recognised({ accounts: [], images: [], managedPolicies: [], ...seen }).map(
    ({ controller, by }) => `${controller.name}: ${by.join(', ')}`,
  );

describe('A controller of the catalogue is recognised', () => {
  it.each([
    [
      'by its image and its service account',
      { accounts: [{ namespace: 'dns', name: 'external-dns' }], images: [DNS] },
      ['external-dns: image, service account'],
    ],
    [
      'by its image alone where the pods have no other',
      { accounts: [{ namespace: 'dns', name: 'x' }], images: [DNS] },
      ['external-dns: image'],
    ],
    [
      'by its service account in its namespace, with any image',
      { accounts: [{ namespace: 'kube-system', name: 'ebs-csi-controller-sa' }], images: ['mirror/ebs:1'] },
      ['aws-ebs-csi-driver: service account'],
    ],
    [
      'by its service account and its managed policy',
      {
        accounts: [{ namespace: 'cni', name: 'aws-node' }],
        managedPolicies: ['arn:aws-cn:iam::aws:policy/AmazonEKS_CNI_Policy'],
      },
      ['vpc-cni: service account, managed policy'],
    ],
    [
      'by the image rather than by a name that several have',
      { accounts: [{ namespace: 'fluent-bit', name: 'fluent-bit' }], images: [FLUENT, 'mirror/reloader:1'] },
      ['fluent-bit: image, service account, namespace'],
    ],
    [
      'never by one image beside others',
      { accounts: [{ namespace: 'shop', name: 'orders' }], images: ['shop/orders:1', FLUENT] },
      [],
    ],
    ['never by the name of a service account alone', { accounts: [{ namespace: 'shop', name: 'velero' }] }, []],
    ['never by a namespace alone', { accounts: [{ namespace: 'velero', name: 'app' }], images: ['app:1'] }, []],
    [
      'never by a managed policy alone',
      {
        accounts: [{ namespace: 'shop', name: 'app' }],
        managedPolicies: ['arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy'],
      },
      [],
    ],
  ] as const)('%s', (_, seen, wanted) => {
    expect(signsOf(seen)).toEqual(wanted);
  });

  it('where upstream installs it', () => {
    for (const { name, namespace = '', serviceAccounts = [], images = [] } of catalogue().filter(hasPermissions)) {
      const [account] = serviceAccounts;
      const image = `registry.example.com/${images[0]?.replace('*', 'x') ?? ''}:v99.0.0`;
      const found = signsOf({ accounts: [{ namespace, name: account?.name ?? '' }], images: [image] });
      expect(found.filter((one) => one.startsWith(`${name}: `))).toHaveLength(1);
    }
  });
});
