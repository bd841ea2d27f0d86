import { z } from 'zod';
import { region, s3Bucket, s3Prefix } from '../formats/awsFormats';
import * as formats from '../formats/stateFormats';
import { flag, map, optional, required, text } from './fields';

/** The message of the issue about a `state` that does not have exactly one backend. `shapeIssues` finds the rule by it. */
export const ONE_BACKEND = 'state-backend';

const hostname = optional(
  text(formats.stateHostname),
  'The host of Terraform Enterprise. Default: HCP Terraform. It always stands in the stacks, since OpenTofu has no default.',
  { default: 'app.terraform.io' },
);
const organization = required(text(formats.stateOrganization), 'The organization.', 'acme');
const workspaces = optional(
  text(formats.workspacePrefix),
  'What stands before the name of the stack in the name of its workspace.',
  { examples: ['podlift-'] },
);
const prefix = (what: string) => optional(text(s3Prefix), what, { examples: ['podlift'] });
const id = (what: string) => optional(text(formats.azureId), what);

/**
 * `environments.<key>.state`: exactly one backend. Fields have the names of Terraform's arguments in the spelling of the inventory. Credentials are not fields: see
 * `stateCredentials.ts`. Only arguments that Terraform 1.10 and OpenTofu 1.10 both have.
 * Sources: https://developer.hashicorp.com/terraform/language/backend, https://developer.hashicorp.com/terraform/cli/cloud/settings,
 * https://opentofu.org/docs/language/settings/backends/configuration/
 */
export const stateSchema = map(
  'The place of the Terraform state: exactly one of these. Credentials never stand here: Terraform reads them from its environment. Default: a local file.',
  {
    s3: map('A bucket of S3, locked by S3 itself.', {
      bucket: text(s3Bucket).describe('The bucket of the Terraform state.'),
      region: text(region).describe('The region of the bucket.'),
      prefix: prefix('The key prefix in the bucket.'),
    }).exactOptional(),
    cloud: map('Workspaces of HCP Terraform or Terraform Enterprise, by a `cloud` block.', {
      organization,
      hostname,
      project: optional(text(formats.stateProject), 'The project in which Terraform creates a new workspace.'),
      prefix: workspaces,
    }).exactOptional(),
    remote: map('Workspaces by the backend `remote`, for servers that do not know the `cloud` block.', {
      organization,
      hostname,
      prefix: workspaces,
    }).exactOptional(),
    http: map('A REST endpoint, such as that of GitLab.', {
      address: required(
        text(formats.stateAddress),
        'The address of the state of a stack, with {stack}.',
        'https://gitlab.acme.com/api/v4/projects/42/terraform/state/{stack}',
      ),
      lockAddress: optional(
        text(formats.stateAddress),
        'The address of the lock of a stack. Without it nothing locks a state.',
        { examples: ['https://gitlab.acme.com/api/v4/projects/42/terraform/state/{stack}/lock'] },
      ),
      unlockAddress: optional(text(formats.stateAddress), 'Where the lock is removed. Default: `lockAddress`.'),
      updateMethod: optional(text(formats.httpMethod), 'How a state is written.', { default: 'POST' }),
      lockMethod: optional(text(formats.httpMethod), 'How the lock is taken.', { default: 'LOCK' }),
      unlockMethod: optional(text(formats.httpMethod), 'How the lock is removed.', { default: 'UNLOCK' }),
    }).exactOptional(),
    gcs: map('A bucket of Google Cloud Storage.', {
      bucket: required(text(formats.gcsBucket), 'The bucket of the Terraform state.', 'acme-tfstate'),
      prefix: prefix('The folder in the bucket.'),
      kmsEncryptionKey: optional(text(formats.kmsEncryptionKey), 'The resource name of a key of Cloud KMS.'),
      impersonateServiceAccount: optional(
        text(formats.googleServiceAccount),
        'The service account that Terraform impersonates to read and write the state.',
      ),
    }).exactOptional(),
    azurerm: map('A container of Azure Blob Storage.', {
      storageAccountName: required(text(formats.storageAccount), 'The storage account.', 'acmetfstate'),
      containerName: required(text(formats.storageContainer), 'The container in the storage account.', 'tfstate'),
      prefix: prefix('The folder in the container.'),
      resourceGroupName: optional(
        text(formats.resourceGroup),
        'The resource group of the storage account. Terraform needs it to look up the access key.',
      ),
      subscriptionId: id('The subscription of the storage account.'),
      tenantId: id('The tenant of the principal that Terraform uses.'),
      clientId: id('The client id of the principal that Terraform uses.'),
      environment: optional(z.enum(['public', 'usgovernment', 'china']), 'The cloud of Azure.', { default: 'public' }),
      useAzureadAuth: flag(
        'Terraform reads and writes the blob as a principal of Entra ID, and not with an access key.',
      ),
      useOidc: flag('Terraform authenticates by OpenID Connect.'),
      useMsi: flag('Terraform authenticates by a managed identity.'),
      snapshot: flag('Terraform makes a snapshot of the blob before each use.'),
    }).exactOptional(),
    local: map('Files in a folder, for a trial or a folder that is shared and locked by other means.', {
      folder: required(
        text(formats.stateFolder),
        'The folder of the state files, relative to the folder of the first inventory file.',
        'states',
      ),
    }).exactOptional(),
  },
)
  .refine((state) => Object.keys(state).length === 1, ONE_BACKEND)
  .meta({ minProperties: 1, maxProperties: 1 });
