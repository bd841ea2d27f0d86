import type { Inventory } from '../../src/inventory/Inventory';
import { agentPod, agreedWorld, irsaPod, NOW, podIdentityPod, type World } from '../operations/agreedWorld';
import { addonOf, serviceAccountOf } from '../operations/facts';

// An inventory and a world that are full of names. A test gives the names, and looks for them in what is redacted.

/** Names by what they are for; account ids are numbers of twelve digits. */
export type Names = (what: string) => string;

/** An inventory with every kind of name that it can have. */
export function inventoryText(n: Names): string {
  const account = n('account-apps');
  const oidc = (hash: string) => `https://oidc.eks.us-west-2.amazonaws.com/id/${hash}`;
  const provider = `arn:aws:iam::${account}:oidc-provider/oidc.eks.us-west-2.amazonaws.com/id/${n('hash-main')}`;
  const long = `${n('long')}-${n('api')}-and-${n('batch')}-of-${n('team')}-${n('store')}`;
  return `# the inventory of ${n('company')}
version: 1
accounts:
  ${n('apps')}: { id: "${account}", deployRole: "arn:aws:iam::${account}:role/${n('path')}/${n('deploy')}", readRole: "arn:aws:iam::${account}:role/${n('reader')}" }
  ${n('data')}: { id: "${n('account-data')}", deployRole: "arn:aws:iam::${n('account-data')}:role/${n('deploy')}" }
environments:
  prod:
    account: ${n('apps')}
    region: us-west-2
    state: { s3: { bucket: ${n('company')}-state, region: us-west-2, prefix: ${n('team')}/podlift } }
    tags: { ${n('tagkey')}: "${n('team')}", "kubernetes.io/cluster/${n('cluster')}": owned }
    role: { path: "/${n('path')}/", permissionsBoundary: "arn:aws:iam::${account}:policy/${n('boundary')}" }
    clusters:
      ${n('clusterkey')}:
        name: ${n('cluster')}-main
        version: "1.33"
        oidc: { issuer: "${oidc(n('hash-main'))}", provider: managed }
        agent: { version: v1.3.4-eksbuild.1, configuration: { nodeSelector: { "${n('label')}": "${n('pool')}" }, agent: { additionalArgs: { image: "${account}.dkr.ecr.us-west-2.amazonaws.com/${n('image')}:1" } } } }
        addons:
          aws-ebs-csi-driver: { version: v1.40.0-eksbuild.1, configuration: { controller: { extraTags: { ${n('tagkey')}: ${n('team')} } } }, serviceAccounts: { ebs-csi-controller-sa: ${n('disks')} } }
        kubernetes: { context: "${n('company')}@${n('cluster')}" }
      second:
        name: ${n('cluster')}-two
        version: "1.32"
        autoMode: true
        oidc: { issuer: "${oidc(n('hash-two'))}" }
    values: { ${n('valuekey')}: ${n('bucket')}, service: ${n('api')} }
waves:
  ${n('wave')}:
    description: "${n('company')} goes first"
    soak: 7d
    stages: { prod: { stage: cutover, since: 2026-11-14T09:00:00Z, because: "ticket of ${n('person')}", accepted: ["pod-credentials:${n('api')}-server:${n('clusterkey')}", "agent::${n('clusterkey')}", soak] } }
  later: { after: ${n('wave')}, stages: { prod: dual } }
  last: { after: later, stages: {} }
workloads:
  ${n('api')}-server:
    wave: ${n('wave')}
    namespace: ${n('shop')}
    serviceAccount: ${n('api')}-server
    clusters: [${n('clusterkey')}]
    sdk: { language: python, version: 1.34.60 }
    permissions:
      managedPolicies: [AmazonSSMReadOnlyAccess, "arn:aws:iam::${account}:policy/${n('policy')}"]
      statements:
        - { sid: ${n('sid')}, actions: [s3:GetObject], resources: ["arn:{partition}:s3:::{${n('valuekey')}}/${n('prefix')}*"] }
        - actions: [dynamodb:GetItem]
          resources: ["arn:aws:dynamodb:{region}:{account}:table/${n('table')}"]
          because: "asked for by ${n('person')}"
          conditions: { StringEquals: { "aws:PrincipalTag/${n('tagkey')}": ["${n('team')}"], "aws:SourceIp": "203.0.113.77" } }
    targets:
      plain: { account: ${n('data')}, permissions: { managedPolicies: ["arn:aws:iam::${n('account-data')}:policy/${n('policy')}"] } }
  ${n('disks')}:
    stage: irsa
    because: "${n('person')} says so"
    namespace: kube-system
    serviceAccount: ebs-csi-controller-sa
    clusters: [${n('clusterkey')}]
    permissions: { managedPolicies: [service-role/AmazonEBSCSIDriverPolicy] }
  ${n('adopted')}:
    wave: later
    found: dual
    namespace: ${n('shop')}
    serviceAccount: { name: ${n('adopted')}, manage: annotate }
    clusters: [${n('clusterkey')}]
    role:
      name: ${n('legacy')}-{environment}-role
      path: /${n('oldpath')}/
      adopt: true
      description: "Made by ${n('person')} for ${n('company')}"
      tags: { ${n('tagkey')}: ${n('person')} }
      keepTrust:
        - Sid: ${n('sid')}
          Effect: Allow
          Principal: { Federated: "arn:aws:iam::${account}:oidc-provider/token.actions.githubusercontent.com" }
          Action: sts:AssumeRoleWithWebIdentity
          Condition: { StringLike: { "token.actions.githubusercontent.com:sub": "repo:${n('company')}/${n('repo')}:*" } }
        - { Effect: Allow, Principal: { AWS: "arn:aws:iam::${account}:role/${n('legacy')}-caller" }, Action: sts:AssumeRole, Condition: { StringLike: { "aws:userid": "AROAABCDEFGHIJKLMNOPQ:*" }, StringEquals: { "sts:ExternalId": "${n('external')}" } } }
      adoptedTrust:
        version: none
        id: ${n('trustid')}
        because: "${n('person')} knows"
        oidc:
          - Effect: Allow
            Principal: { Federated: "${provider}" }
            Action: sts:AssumeRoleWithWebIdentity
            Condition: { StringLike: { "oidc.eks.us-west-2.amazonaws.com/id/${n('hash-main')}:sub": "system:serviceaccount:${n('shop').slice(0, 4)}*:${n('adopted').slice(0, 3)}*" } }
      imports: { managedPolicies: ["arn:aws:iam::${account}:policy/${n('policy')}"], inlinePolicies: [${n('inline')}], associations: { ${n('clusterkey')}: a-${n('idpart')}1 } }
    permissions:
      managedPolicies: ["arn:aws:iam::${account}:policy/${n('policy')}"]
      inlinePolicies:
        ${n('inline')}:
          Version: "2012-10-17"
          Statement: { Effect: Allow, Action: "s3:Get*", Resource: ["arn:aws:s3:::${n('bucket')}-*/x", "arn:aws:s3:::${n('bucket')}"] }
  hop:
    wave: later
    namespace: ${n('shop')}
    serviceAccount: hop
    sessionTags: false
    permissions:
      statements: [{ actions: [s3:PutObject], resources: ["arn:aws:s3:::x{service}y/*"] }]
      use: [cluster-autoscaler, { name: external-dns, parameters: { zones: [Z1A2B3C4D5E6F7], tableNames: ${n('zones')} }, because: "${n('person')} says so" }]
    targets:
      ${n('target')}:
        account: ${n('data')}
        via: association
        permissions: { statements: [{ actions: [s3:GetObject], resources: ["arn:aws:s3:::${n('lake')}/*"] }] }
  ${long.slice(0, 60).replace(/-$/, 'x')}:
    wave: last
    namespace: ${n('shop')}
    serviceAccount: ${n('long')}
    permissions: { managedPolicies: [AmazonSSMReadOnlyAccess] }
    overrides: { prod: { role: { maxSessionDuration: 7200 } } }
  gone:
    released: true
    stage: irsa
    because: "left by ${n('person')}"
    namespace: ${n('shop')}
    serviceAccount: gone
    permissions: { managedPolicies: [AmazonSSMReadOnlyAccess] }
`;
}

/** A world in which much agrees with the inventory, and much does not; with names in all that AWS and a cluster say. */
export function secretWorld(inventory: Inventory, n: Names): World {
  const world = agreedWorld(inventory);
  const [environment] = inventory.environments;
  const { account, clusters, workloads } = environment!;
  const provider = `arn:aws:iam::${account.id}:oidc-provider/${clusters[0]!.oidc!.issuer.slice(8)}`;
  for (const [index, { key, subjects, role }] of workloads.entries()) {
    const { namespace, name } = subjects[0]!;
    const env = { AWS_ROLE_ARN: world.roles[`${account.id}/${role.name}`]?.arn ?? '' };
    const parts = {
      name: `${key}-7f9c8d5b4-${index}xk2p`,
      namespace,
      serviceAccount: name,
      node: `ip-10-20-30-${index}.us-west-2.compute.internal`,
      owner: { kind: index % 2 === 0 ? 'Deployment' : `${n('kind')}Set`, name: key },
      labels: { app: name, [`${n('company')}.example/${n('label')}`]: n('team') },
    };
    world.pods.push(index % 3 === 0 ? irsaPod(env, parts) : podIdentityPod({}, parts));
    world.nodes.push({ name: parts.node, os: 'linux', nodeGroup: `${n('pool')}-${index % 2}` });
    const annotations = { 'eks.amazonaws.com/role-arn': index % 2 === 0 ? env.AWS_ROLE_ARN : '' };
    const manager = index % 2 === 0 ? 'helm' : `${n('company')}-deployer`;
    world.serviceAccounts[`${namespace}/${name}`] = serviceAccountOf(namespace, name, annotations, {
      manager,
      operation: 'Update',
    });
    world.events.push({
      id: `0ac5e2b0-1f00-4d7a-8c1e-${String(index).padStart(12, '9')}`,
      name: index % 2 === 0 ? 'AssumeRoleWithWebIdentity' : 'AssumeRoleForPodIdentity',
      at: '2026-11-16T00:00:00Z',
      roleArns: [env.AWS_ROLE_ARN],
      by:
        index % 2 === 0
          ? `system:serviceaccount:${namespace}:${name}`
          : `arn:aws:sts::${account.id}:assumed-role/${role.name}/${n('session')}`,
      provider,
      pod: { cluster: clusters[0]!.name, namespace, serviceAccount: name },
    });
    world.networkPolicies[namespace] = [
      {
        name: `deny-${n('policy')}`,
        podLabels: { app: name },
        limitsEgress: true,
        egress: [
          { blocks: [{ cidr: '192.0.2.0/24', except: ['169.254.170.23/32'] }], ports: [{ from: 443, to: 443 }] },
        ],
      },
    ];
  }
  world.enginePolicies = {
    'ciliumnetworkpolicies.cilium.io': workloads
      .flatMap(({ subjects }) => subjects)
      .map(({ namespace, name }) => ({
        namespace,
        name: `closed-${n('policy')}`,
        limits: true,
        podSelector: {
          labels: { app: name, [n('tagkey')]: n('team') },
          expressions: [{ key: `${n('company')}/tier`, operator: 'In' as const, values: [n('team')] }],
        },
      })),
  };
  const [withProxy] = world.pods.filter(({ serviceAccount }) => serviceAccount.endsWith('-server'));
  const container = withProxy!.containers[0]!;
  world.pods.push({
    ...withProxy!,
    name: `${n('api')}-proxied`,
    containers: [
      {
        ...container,
        image: `${account.id}.dkr.ecr.us-west-2.amazonaws.com/${n('image')}:2.1`,
        envFrom: [`secret ${n('keys')}`],
        proxy: { HTTPS_PROXY: `http://proxy.${n('company')}.internal:3128`, NO_PROXY: `.svc,10.0.0.0/8,${n('host')}` },
        earlier: ['AWS_PROFILE'],
      },
    ],
  });
  world.pods.push(agentPod(world.nodes[1]!.name));
  const [used] = workloads[0]!.subjects;
  const serviceAccountRef = { name: used!.name };
  world.customObjects = {
    'secretstores.external-secrets.io': [
      {
        namespace: used!.namespace,
        name: `${n('company')}-store`,
        fields: { spec: { provider: { aws: { auth: { jwt: { serviceAccountRef } } } } } },
      },
    ],
    'ocirepositories.source.toolkit.fluxcd.io': [
      {
        namespace: used!.namespace,
        name: n('image'),
        fields: { spec: { provider: 'aws', serviceAccountName: used!.name } },
      },
    ],
  };
  for (const { name } of clusters) {
    const addon = addonOf({ name: 'aws-ebs-csi-driver', version: 'v1.40.0-eksbuild.1' });
    world.otherAddons[name] = [
      {
        ...addon,
        arn: `arn:aws:eks:us-west-2:${account.id}:addon/${name}/aws-ebs-csi-driver/0ac5`,
        configuration: `controller: { extraTags: { ${n('tagkey')}: ${n('team')} } }`,
        issues: [`InsufficientNumberOfReplicas: the pods of ${n('company')} are not ready`],
        tags: { [n('tagkey')]: n('team') },
      },
    ];
    world.nodeGroups[name] = [{ name: n('pool'), nodeRole: `arn:aws:iam::${account.id}:role/${n('noderole')}` }];
  }
  world.managedPolicies[`arn:aws:iam::${account.id}:policy/${n('policy')}`] = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: `arn:aws:s3:::${n('bucket')}/*` }],
  };
  const [first, second] = Object.entries(world.roles).map(([key]) => key);
  world.roles[first!] = {
    ...world.roles[first!]!,
    description: `changed by ${n('person')}`,
    tags: {
      ...world.roles[first!]!.tags,
      [n('tagkey')]: n('person'),
      // By these tags the gate names the owner of an adopted role, also without names.
      'crossplane-name': n('person'),
      ManagedBy: 'Terraform',
    },
    trust: {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: n('sid'),
          Effect: 'Allow',
          Principal: { AWS: `arn:aws:iam::${n('account-other')}:root` },
          Action: 'sts:AssumeRole',
        },
        {
          Effect: 'Allow',
          Principal: { Federated: provider },
          Action: 'sts:AssumeRoleWithWebIdentity',
          Condition: {
            StringLike: {
              [`${clusters[0]!.oidc!.issuer.slice(8)}:sub`]: `system:serviceaccount:*:${n('api').slice(0, 3)}*`,
            },
          },
        },
      ],
    },
  };
  world.rolePolicies[second!] = {
    attached: [`arn:aws:iam::${account.id}:policy/${n('policy')}-by-hand`, 'arn:aws:iam::aws:policy/ReadOnlyAccess'],
    inline: { [n('inline')]: { Version: '2012-10-17', Statement: [] } },
  };
  const strayRole = `${n('stray')}-role`;
  world.serviceAccounts[`${n('shop')}/${n('stray')}`] = serviceAccountOf(
    n('shop'),
    n('stray'),
    { 'eks.amazonaws.com/role-arn': `arn:aws:iam::${account.id}:role/${strayRole}` },
    { manager: `kubectl-${n('plugin')}`, operation: 'Update' },
  );
  world.roles[`${account.id}/${strayRole}`] = {
    ...world.roles[first!]!,
    name: strayRole,
    path: '/',
    arn: `arn:aws:iam::${account.id}:role/${strayRole}`,
    description: `of ${n('person')}`,
    tags: { [`eks:${n('tagkey')}`]: n('team') },
    trust: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Federated: provider },
          Action: 'sts:AssumeRoleWithWebIdentity',
          Condition: {
            StringEquals: {
              [`${clusters[0]!.oidc!.issuer.slice(8)}:sub`]: `system:serviceaccount:${n('shop')}:${n('stray')}`,
              [`${clusters[0]!.oidc!.issuer.slice(8)}:aud`]: 'sts.amazonaws.com',
            },
          },
        },
      ],
    },
  };
  world.rolePolicies[`${account.id}/${strayRole}`] = { attached: [], inline: {} };
  world.associations.push({
    id: `a-${n('idpart')}2`,
    namespace: n('shop'),
    serviceAccount: n('adopted'),
    roleArn: `arn:aws:iam::${account.id}:role/${n('legacy')}`,
    disableSessionTags: false,
    ownerArn: `arn:aws:eks:us-west-2:${account.id}:addon/${clusters[0]!.name}/aws-ebs-csi-driver/0ac5`,
    tags: {},
  });
  return world;
}

export { NOW };
