import type { Segments } from '../Finding';

/** The environment variables from which Terraform reads the credentials of a backend, by the argument that people write. */
type Variables = Readonly<Record<string, string>>;

/**
 * Sources: hashicorp/terraform v1.11.4 internal/backend/remote-state/{http,gcs,azure}/backend.go, opentofu/opentofu internal/backend/remote-state/azure/backend.go
 * (`customer_provided_key`), https://developer.hashicorp.com/terraform/language/backend/s3#credentials-and-shared-configuration,
 * https://developer.hashicorp.com/terraform/cli/config/config-file#environment-variable-credentials
 */
const CREDENTIALS: Readonly<Record<string, Variables>> = {
  s3: {
    access_key: 'AWS_ACCESS_KEY_ID',
    secret_key: 'AWS_SECRET_ACCESS_KEY',
    token: 'AWS_SESSION_TOKEN',
    sse_customer_key: 'AWS_SSE_CUSTOMER_KEY',
  },
  cloud: { token: 'TF_TOKEN_app_terraform_io' },
  remote: { token: 'TF_TOKEN_app_terraform_io' },
  http: {
    username: 'TF_HTTP_USERNAME',
    password: 'TF_HTTP_PASSWORD',
    client_certificate_pem: 'TF_HTTP_CLIENT_CERTIFICATE_PEM',
    client_private_key_pem: 'TF_HTTP_CLIENT_PRIVATE_KEY_PEM',
  },
  gcs: {
    credentials: 'GOOGLE_APPLICATION_CREDENTIALS',
    access_token: 'GOOGLE_OAUTH_ACCESS_TOKEN',
    encryption_key: 'GOOGLE_ENCRYPTION_KEY',
  },
  azurerm: {
    access_key: 'ARM_ACCESS_KEY',
    sas_token: 'ARM_SAS_TOKEN',
    client_secret: 'ARM_CLIENT_SECRET',
    client_certificate: 'ARM_CLIENT_CERTIFICATE',
    client_certificate_path: 'ARM_CLIENT_CERTIFICATE_PATH',
    client_certificate_password: 'ARM_CLIENT_CERTIFICATE_PASSWORD',
    oidc_token: 'ARM_OIDC_TOKEN',
    oidc_request_token: 'ARM_OIDC_REQUEST_TOKEN',
    customer_provided_key: 'ARM_CUSTOMER_PROVIDED_KEY',
  },
};

/** What podlift takes for a credential under any backend, in folded spelling: `headers` of OpenTofu's http backend can have one. */
const SECRET =
  /token|secret|passw|credential|headers?$|(access|private|encryption|account|customer|provided|shared|api)key|^sas|username|^user$/;

/** A key of `state` that is a credential, and where the credential goes. */
export interface StateCredential {
  readonly backend: string | undefined;
  /** Sentences for people. */
  readonly hint: string;
}

/** Whether an unknown key, in the map at `path`, is a credential of a state. */
export function stateCredential(key: string, path: Segments): StateCredential | undefined {
  const [section, , field, backend] = path;
  if (section !== 'environments' || field !== 'state') return undefined;
  const of = typeof backend === 'string' && Object.hasOwn(CREDENTIALS, backend) ? backend : undefined;
  const variables = of === undefined ? {} : (CREDENTIALS[of] ?? {});
  const folded = fold(key);
  const known = Object.entries(variables).find(([argument]) => fold(argument) === folded);
  // The resource name of a key in a KMS is no secret.
  if (known === undefined && (!SECRET.test(folded) || folded.includes('kms'))) return undefined;
  return { backend: of, hint: hintOf(of, known?.[1], Object.values(variables)) };
}

function hintOf(backend: string | undefined, variable: string | undefined, all: readonly string[]): string {
  const gone = 'Remove it, and change the credential if it was committed.';
  if (backend === 'cloud' || backend === 'remote')
    return `${gone} Run \`terraform login HOSTNAME\`, or set TF_TOKEN_ and the host name with _ for each dot: TF_TOKEN_app_terraform_io.`;
  if (variable !== undefined) return `${gone} Set the environment variable ${variable} where Terraform runs.`;
  if (all.length > 0) return `${gone} Set environment variables where Terraform runs: ${all.join(', ')}.`;
  return `${gone} Terraform reads credentials from environment variables: docs/STATE.md lists them for each backend.`;
}

function fold(key: string): string {
  return key.toLowerCase().replace(/[-_]/g, '');
}
