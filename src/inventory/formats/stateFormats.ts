// Names of the places of Terraform states. Each has the source of its rule.

import type { Format } from './Format';

export const stateHostname: Format = {
  name: 'state-hostname',
  what: '`hostname` of a state is the host name of HCP Terraform or Terraform Enterprise.',
  example: '"https://tfe.acme.com" is not a host name',
  subject: 'a host name',
  pattern: /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*(:\d{1,5})?$/i,
  expected: 'labels joined by dots, such as app.terraform.io, and a port if it is not 443',
  hint: 'Write only the host, without https:// and without a path.',
};

/** Source: https://developer.hashicorp.com/terraform/cloud-docs/api-docs/organizations */
export const stateOrganization: Format = {
  name: 'state-organization',
  what: '`organization` of a state has only letters, digits, - and _.',
  example: '"Acme Inc" is not an organization',
  subject: 'an organization',
  pattern: /^[A-Za-z0-9_-]+$/,
  expected: 'letters, digits, - and _',
  hint: 'Copy the name from the address of the organization: https://HOSTNAME/app/ORGANIZATION.',
};

/** Source: https://developer.hashicorp.com/terraform/cloud-docs/api-docs/projects (`data.attributes.name`) */
export const stateProject: Format = {
  name: 'state-project',
  what: '`project` of a state is the name of a project, of 3 to 40 characters.',
  example: '"a/b" is not a project',
  subject: 'a project',
  pattern: /^[A-Za-z0-9_-][A-Za-z0-9 _-]{1,38}[A-Za-z0-9_-]$/,
  expected: '3 to 40 letters, digits, blanks, - and _, no blank at its ends',
  hint: 'Write the name of the project, not its id (prj-…).',
};

/** Source: https://developer.hashicorp.com/terraform/cloud-docs/api-docs/workspaces (`data.attributes.name`) */
export const workspacePrefix: Format = {
  name: 'workspace-prefix',
  what: '`prefix` of a workspace has only letters, digits, - and _.',
  example: '"podlift/" is not a prefix of a workspace',
  subject: 'a prefix of a workspace',
  pattern: /^[A-Za-z0-9_-]+$/,
  expected: 'letters, digits, - and _',
  hint: 'Write it with its separator, like podlift-: the workspace of a stack is PREFIX followed by STACK.',
};

/**
 * Terraform reads a text with `${` or `%{` as a template, and a fragment is not sent to the server.
 * Source: hashicorp/terraform internal/backend/remote-state/http/backend.go (`Configure`)
 */
export const stateAddress: Format = {
  name: 'state-address',
  what: 'Each address of an `http` state has `{stack}`, so that each stack has a state and a lock of its own.',
  example: '"https://state.acme.com/prod" is not an address with {stack}',
  subject: 'an address with {stack}',
  pattern: /^https?:\/\/[^\s/?#{}$\\]+\/(?:[^\s#{}$%\\]|%[0-9A-Fa-f]{2}|\{stack\})*$/,
  accepts: (text) => text.includes('{stack}'),
  expected: 'https://HOST/PATH with {stack} in the path or in the query, and no fragment',
  hint: 'Write {stack} where the name of the stack stands: https://state.acme.com/podlift/{stack}.',
};

/** Source: hashicorp/terraform internal/backend/remote-state/http/backend.go (`update_method`, `lock_method`, `unlock_method`) */
export const httpMethod: Format = {
  name: 'http-method',
  what: 'The methods of an `http` state are names of HTTP methods.',
  example: '"put" is not an HTTP method',
  subject: 'an HTTP method',
  pattern: /^[A-Z]{3,16}$/,
  expected: 'capital letters, such as POST, PUT, LOCK or DELETE',
  hint: 'Write the method that the documentation of the server names.',
};

/** Source: https://cloud.google.com/storage/docs/buckets#naming */
export const gcsBucket: Format = {
  name: 'gcs-bucket',
  what: 'Google Cloud Storage accepts the name of the state bucket.',
  example: '"gs://acme" is not a bucket of Google Cloud Storage',
  subject: 'a bucket of Google Cloud Storage',
  pattern:
    /^(?!goog)(?!.*google)(?!\d+\.\d+\.\d+\.\d+$)(?=.{3,222}$)[a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?)*$/,
  expected: '3 to 63 lower-case letters, digits, -, _ and ., not beginning with goog',
  hint: 'Write only the name of the bucket, without gs:// and without a path.',
};

/** Source: https://developer.hashicorp.com/terraform/language/backend/gcs (`kms_encryption_key`) */
export const kmsEncryptionKey: Format = {
  name: 'kms-encryption-key',
  what: '`kmsEncryptionKey` is the resource name of a key of Cloud KMS.',
  example: '"my-key" is not a key of Cloud KMS',
  subject: 'a key of Cloud KMS',
  pattern: /^projects\/[\w:.-]+\/locations\/[\w-]+\/keyRings\/[\w-]+\/cryptoKeys\/[\w-]+$/,
  expected: 'projects/PROJECT/locations/LOCATION/keyRings/RING/cryptoKeys/KEY',
  hint: 'Copy the resource name of the key. The key itself never stands in the inventory.',
};

/** Source: https://cloud.google.com/iam/docs/service-account-overview */
export const googleServiceAccount: Format = {
  name: 'google-service-account',
  what: '`impersonateServiceAccount` is the e-mail address of a Google service account.',
  example: '"terraform" is not a Google service account',
  subject: 'a Google service account',
  pattern: /^[a-z0-9-]+@[a-z0-9.-]+\.gserviceaccount\.com$/,
  expected: 'NAME@PROJECT.iam.gserviceaccount.com',
  hint: 'Write the e-mail address of the service account.',
};

/** Source: https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftstorage */
export const storageAccount: Format = {
  name: 'storage-account',
  what: 'Azure accepts the name of the storage account of the state.',
  example: '"acme-state" is not a storage account',
  subject: 'a storage account',
  pattern: /^[a-z0-9]{3,24}$/,
  expected: '3 to 24 lower-case letters and digits',
  hint: 'Write only the name of the account, without .blob.core.windows.net.',
};

/** Source: https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftstorage */
export const storageContainer: Format = {
  name: 'storage-container',
  what: 'Azure accepts the name of the container of the state.',
  example: '"TfState" is not a container',
  subject: 'a container',
  pattern: /^(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
  expected: '3 to 63 lower-case letters, digits and -, no - at its ends and no two in a row',
  hint: 'Write only the name of the container, without a path.',
};

/** Source: https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftresources */
export const resourceGroup: Format = {
  name: 'resource-group',
  what: 'Azure accepts the name of the resource group of the storage account.',
  example: '"tf/state" is not a resource group',
  subject: 'a resource group',
  pattern: /^[\p{L}\p{N}_().-]{0,89}[\p{L}\p{N}_()-]$/u,
  expected: 'at most 90 letters, digits, _, -, ( ) and ., no . at its end',
  hint: 'Write the name of the group, not its id.',
};

/** Source: https://learn.microsoft.com/azure/azure-portal/get-subscription-tenant-id */
export const azureId: Format = {
  name: 'azure-id',
  what: 'The ids of a subscription, a tenant and a client are GUIDs.',
  example: '"acme-prod" is not an id of Azure',
  subject: 'an id of Azure',
  pattern: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
  expected: 'a GUID, such as 00000000-0000-0000-0000-000000000000',
  hint: 'Copy the id from the portal of Azure.',
};

export const stateFolder: Format = {
  name: 'state-folder',
  what: '`folder` of a local state is relative to the folder of the first inventory file.',
  example: '"/var/states" is not a relative folder for states',
  subject: 'a relative folder for states',
  // Terraform reads `${` and `%{` as a template.
  pattern: /^(?![/~])(?![A-Za-z]:)[^\\${}\p{Cc}\p{Cf}]{1,512}$/u,
  expected: 'a path with /, such as states or ../states',
  hint: 'Write it relative to the folder of the first inventory file.',
};
