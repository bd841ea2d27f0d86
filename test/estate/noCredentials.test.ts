import { noCredentialsFix } from '../../src/estate/noCredentials';

const REFRESH = 'To refresh this SSO session run aws sso login with the corresponding profile.';

/** What the AWS SDK for JavaScript, the AWS CLI and aws-iam-authenticator print; sources in src/estate/noCredentials.ts. */
const TEXTS: readonly (readonly [text: string, command: string])[] = [
  ['CredentialsProviderError: Could not load credentials from any providers', 'aws sts get-caller-identity'],
  [
    'CredentialsProviderError: Could not resolve credentials using profile: [work] in configuration/credentials file(s).',
    'aws configure sso --profile work',
  ],
  [
    "TokenProviderError: Profile 'work' could not be found in shared credentials file.",
    'aws configure sso --profile work',
  ],
  [`CredentialsProviderError: The SSO session associated with this profile has expired. ${REFRESH}`, 'aws sso login'],
  [`CredentialsProviderError: The SSO session associated with this profile is invalid. ${REFRESH}`, 'aws sso login'],
  [`TokenProviderError: Token is expired. ${REFRESH}`, 'aws sso login'],
  [
    'CredentialsProviderError: Failed to load a token for session x, please re-authenticate using aws login',
    'aws login',
  ],
  ['ExpiredToken: The security token included in the request is expired', 'aws sts get-caller-identity'],
  ['ExpiredTokenException: The security token included in the request is expired', 'aws sts get-caller-identity'],
  ['InvalidClientTokenId: The security token included in the request is invalid.', 'aws sts get-caller-identity'],
  [
    'UnrecognizedClientException: The security token included in the request is invalid.',
    'aws sts get-caller-identity',
  ],
  [
    'Unable to locate credentials. You can configure credentials by running "aws configure".',
    'aws sts get-caller-identity',
  ],
  ['The config profile (work) could not be found', 'aws configure sso --profile work'],
  ['Error loading SSO Token: Token for https://acme.awsapps.com/start does not exist', 'aws sso login'],
  ['Error when retrieving token from sso: Token has expired and refresh failed', 'aws sso login'],
  [
    'could not get token: get credentials: failed to refresh cached credentials, no EC2 IMDS role found, operation error ec2imds: GetMetadata',
    'aws sts get-caller-identity',
  ],
];

const commandOf = (text: string, profile?: string) =>
  noCredentialsFix(text, profile)?.flatMap((step) => ('run' in step ? [step.run.join(' ')] : []));

describe('what a program says without credentials of AWS', () => {
  it.each(TEXTS)('%s', (text, command) => {
    expect(commandOf(text, '')).toEqual([command]);
  });

  it('leads to the profile that the shell names', () => {
    expect(commandOf(`Token is expired. ${REFRESH}`, 'work')).toEqual(['aws sso login --profile work']);
    expect(commandOf('Could not load credentials from any providers', 'work')).toEqual([
      'aws configure sso --profile work',
    ]);
  });

  it.each([
    'AccessDenied: User: arn:aws:sts::111111111111:assumed-role/x/y is not authorized to perform: iam:GetRole',
    'AccessDeniedException: You do not have access',
    'ThrottlingException: Rate exceeded',
    'Error from server (Forbidden): pods is forbidden',
    'getaddrinfo ENOTFOUND sts.us-west-2.amazonaws.com',
  ])('is not: %s', (text) => {
    expect(noCredentialsFix(text, 'work')).toBeUndefined();
  });
});
