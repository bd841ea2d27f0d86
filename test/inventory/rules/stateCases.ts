import type { RuleCase } from './RuleCase';

const STATE = '    state: { s3: { bucket: acme-tfstate, region: us-west-2 } }\n';
const ONE_ACCOUNT = { '  data: { id: "222222222222" }\n': '', 'account: data': 'account: apps' };

/** Another state of prod. */
const state = (written: string): Pick<RuleCase, 'replace'> => ({
  replace: { [`${STATE}    tags`]: `    state: ${written}\n    tags` },
});
const LOCK = 'lockAddress: "https://s.acme.com/{stack}"';

/** Texts in places of states that a backend, or Terraform itself, would refuse or take for something else. */
const PLACES: readonly (readonly [rule: string, when: string, written: string, field: string, message: RegExp])[] = [
  [
    'state-hostname',
    'a host is an address',
    '{ cloud: { organization: acme, hostname: §"https://tfe.acme.com" } }',
    'cloud.hostname',
    /"https:\/\/tfe\.acme\.com" is not a host name/,
  ],
  [
    'state-organization',
    'an organization has a blank',
    '{ remote: { organization: §Acme Inc } }',
    'remote.organization',
    /"Acme Inc" is not an organization/,
  ],
  [
    'state-project',
    'a project has two letters',
    '{ cloud: { organization: acme, project: §ab } }',
    'cloud.project',
    /"ab" is not a project: 3 to 40/,
  ],
  [
    'workspace-prefix',
    'a prefix of a workspace is a folder',
    '{ cloud: { organization: acme, prefix: §podlift/ } }',
    'cloud.prefix',
    /"podlift\/" is not a prefix of a workspace/,
  ],
  [
    'state-address',
    'all stacks have one address',
    `{ http: { address: §"https://s.acme.com/prod", ${LOCK} } }`,
    'http.address',
    /is not an address with \{stack\}/,
  ],
  [
    'state-address',
    'the stack is in the fragment',
    `{ http: { address: §"https://s.acme.com/prod#{stack}", ${LOCK} } }`,
    'http.address',
    /no fragment/,
  ],
  [
    'state-address',
    'Terraform would read a template',
    `{ http: { address: §"https://s.acme.com/\${stack}", ${LOCK} } }`,
    'http.address',
    /is not an address/,
  ],
  [
    'state-address',
    'all stacks have one lock',
    '{ http: { address: "https://s.acme.com/{stack}", lockAddress: §"https://s.acme.com/lock" } }',
    'http.lockAddress',
    /is not an address with \{stack\}/,
  ],
  [
    'http-method',
    'a method is in small letters',
    `{ http: { address: "https://s.acme.com/{stack}", ${LOCK}, unlockMethod: §delete } }`,
    'http.unlockMethod',
    /"delete" is not an HTTP method/,
  ],
  [
    'gcs-bucket',
    'a bucket of Google is an address',
    '{ gcs: { bucket: §"gs://acme" } }',
    'gcs.bucket',
    /"gs:\/\/acme" is not a bucket of Google Cloud Storage/,
  ],
  [
    's3-prefix',
    'a folder of Google begins with a slash',
    '{ gcs: { bucket: acme, prefix: §/podlift } }',
    'gcs.prefix',
    /is not a key prefix/,
  ],
  [
    'kms-encryption-key',
    'a key of Google is not its name',
    '{ gcs: { bucket: acme, kmsEncryptionKey: §"c2VjcmV0" } }',
    'gcs.kmsEncryptionKey',
    /is not a key of Cloud KMS/,
  ],
  [
    'google-service-account',
    'a service account has no project',
    '{ gcs: { bucket: acme, impersonateServiceAccount: §terraform } }',
    'gcs.impersonateServiceAccount',
    /is not a Google service account/,
  ],
  [
    'storage-account',
    'a storage account has a hyphen',
    '{ azurerm: { storageAccountName: §acme-state, containerName: tfstate } }',
    'azurerm.storageAccountName',
    /"acme-state" is not a storage account/,
  ],
  [
    'storage-container',
    'a container has capitals',
    '{ azurerm: { storageAccountName: acmestate, containerName: §TfState } }',
    'azurerm.containerName',
    /"TfState" is not a container/,
  ],
  [
    'resource-group',
    'a resource group is a path',
    '{ azurerm: { storageAccountName: acmestate, containerName: tfstate, resourceGroupName: §tf/state } }',
    'azurerm.resourceGroupName',
    /"tf\/state" is not a resource group/,
  ],
  [
    'azure-id',
    'a subscription is a name',
    '{ azurerm: { storageAccountName: acmestate, containerName: tfstate, subscriptionId: §acme-prod } }',
    'azurerm.subscriptionId',
    /"acme-prod" is not an id of Azure/,
  ],
  [
    'state-folder',
    'a folder is absolute',
    '{ local: { folder: §/var/states } }',
    'local.folder',
    /"\/var\/states" is not a relative folder/,
  ],
];

/** Credentials as people write them, and the variable that the hint names. */
const SECRETS: readonly (readonly [written: string, field: string, hint: RegExp])[] = [
  ['{ s3: { bucket: acme, region: us-west-2, §access_key: AKIA } }', 's3.access_key', /AWS_ACCESS_KEY_ID/],
  ['{ s3: { bucket: acme, region: us-west-2, §secretKey: x } }', 's3.secretKey', /AWS_SECRET_ACCESS_KEY/],
  ['{ cloud: { organization: acme, §token: x } }', 'cloud.token', /terraform login HOSTNAME.*TF_TOKEN_/],
  ['{ remote: { organization: acme, §token: x } }', 'remote.token', /terraform login HOSTNAME.*TF_TOKEN_/],
  [`{ http: { address: "https://s.acme.com/{stack}", ${LOCK}, §password: x } }`, 'http.password', /TF_HTTP_PASSWORD/],
  [`{ http: { address: "https://s.acme.com/{stack}", ${LOCK}, §username: x } }`, 'http.username', /TF_HTTP_USERNAME/],
  [`{ http: { address: "https://s.acme.com/{stack}", ${LOCK}, §headers: {} } }`, 'http.headers', /TF_HTTP_PASSWORD/],
  [
    `{ http: { address: "https://s.acme.com/{stack}", ${LOCK}, §clientPrivateKeyPem: x } }`,
    'http.clientPrivateKeyPem',
    /TF_HTTP_CLIENT_PRIVATE_KEY_PEM/,
  ],
  ['{ gcs: { bucket: acme, §credentials: key.json } }', 'gcs.credentials', /GOOGLE_APPLICATION_CREDENTIALS/],
  ['{ gcs: { bucket: acme, §encryption_key: x } }', 'gcs.encryption_key', /GOOGLE_ENCRYPTION_KEY/],
  ['{ gcs: { bucket: acme, §accessToken: x } }', 'gcs.accessToken', /GOOGLE_OAUTH_ACCESS_TOKEN/],
  [
    '{ azurerm: { storageAccountName: acmestate, containerName: tfstate, §sas_token: x } }',
    'azurerm.sas_token',
    /ARM_SAS_TOKEN/,
  ],
  [
    '{ azurerm: { storageAccountName: acmestate, containerName: tfstate, §accessKey: x } }',
    'azurerm.accessKey',
    /ARM_ACCESS_KEY/,
  ],
  [
    '{ azurerm: { storageAccountName: acmestate, containerName: tfstate, §client_secret: x } }',
    'azurerm.client_secret',
    /ARM_CLIENT_SECRET/,
  ],
  ['{ local: { folder: states, §passphrase_secret: x } }', 'local.passphrase_secret', /docs\/STATE\.md/],
  ['{ s3: { bucket: acme, region: us-west-2 }, §token: x }', 'token', /docs\/STATE\.md/],
];

/** Where Terraform keeps its state. */
export const STATE_CASES: readonly RuleCase[] = [
  ...PLACES.map(([rule, when, written, field, message]) => ({
    ...{ rule, when, message, ...state(written) },
    path: `environments.prod.state.${field}`,
  })),
  ...SECRETS.map(([written, field, hint]) => ({
    ...{ rule: 'state-credential', when: `it stands in ${field}`, hint, ...state(written) },
    path: `environments.prod.state.${field}`,
    message: /^"\w+" is a credential: it never stands in the inventory$/,
  })),
  {
    rule: 'unknown-key',
    when: 'an argument of Terraform names the state of one stack',
    ...state('{ s3: { bucket: acme, region: us-west-2, §key: prod.tfstate } }'),
    path: 'environments.prod.state.s3.key',
    message: /^unknown key "key": .*allowed: bucket, region, prefix$/,
  },
  {
    rule: 'unknown-key',
    when: 'an argument is in the spelling of Terraform',
    ...state('{ azurerm: { storageAccountName: acmestate, containerName: tfstate, §resource_group_name: tf } }'),
    path: 'environments.prod.state.azurerm.resource_group_name',
    message: /did you mean "resourceGroupName"\?/,
  },
  {
    rule: 'state-backend',
    when: 'there are two',
    ...state('§{ s3: { bucket: acme, region: us-west-2 }, gcs: { bucket: acme } }'),
    path: 'environments.prod.state',
    message: /^`state` has 2 backends \(s3, gcs\): exactly one is allowed$/,
    hint: /^Keep one of s3, cloud, remote, http, gcs, azurerm, local\./,
  },
  {
    rule: 'state-backend',
    when: 'there is none',
    ...state('§{}'),
    path: 'environments.prod.state',
    message: /^`state` has no backend: exactly one is allowed$/,
  },
  {
    rule: 'unlocked-state',
    when: 'an http state has no lock',
    ...state('{ §http: { address: "https://s.acme.com/{stack}" } }'),
    path: 'environments.prod.state.http',
    message: /^nothing locks the states of environment "prod"$/,
    hint: /lockAddress/,
    severity: 'warning',
  },
  {
    rule: 'plain-address',
    when: 'an address is not encrypted',
    ...state(`{ http: { address: §"http://s.acme.com/{stack}", ${LOCK} } }`),
    path: 'environments.prod.state.http.address',
    message: /^http:\/\/s\.acme\.com\/\{stack\} is not encrypted/,
    severity: 'warning',
  },
  {
    rule: 'address-credential',
    when: 'a password stands before the host',
    ...state(`{ http: { address: §"https://me:hunter2@s.acme.com/{stack}", ${LOCK} } }`),
    path: 'environments.prod.state.http.address',
    message: /^the address has a credential before its host$/,
    hint: /TF_HTTP_PASSWORD/,
  },
  {
    rule: 'address-credential',
    when: 'a token is a parameter',
    ...state(
      '{ http: { address: "https://s.acme.com/{stack}", lockAddress: §"https://s.acme.com/{stack}?private_token=x" } }',
    ),
    path: 'environments.prod.state.http.lockAddress',
    message: /^the address has a credential in the parameter "private_token"$/,
  },
  {
    rule: 'local-state',
    when: 'the inventory has a second account',
    replace: { [`${STATE}    tags`]: '    tags', '  prod:\n': '  §prod:\n' },
    path: 'environments.prod',
    message: /^environment "prod" keeps its Terraform state in a local file$/,
    hint: /^Write state: \{ s3: \{ bucket: NAME, region: REGION \} \}/,
    severity: 'warning',
  },
  {
    rule: 'local-state',
    when: 'the only account has a deploy role',
    replace: {
      ...ONE_ACCOUNT,
      '"111111111111" }': '"111111111111", deployRole: "arn:aws:iam::111111111111:role/d" }',
      [`${STATE}    clusters`]: '    clusters',
      '  dev:\n': '  §dev:\n',
    },
    path: 'environments.dev',
    message: /^environment "dev" keeps its Terraform state in a local file$/,
    severity: 'warning',
  },
];
