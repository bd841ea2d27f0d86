import type { Remedy } from './Remedy';

/**
 * What the AWS SDK, the AWS CLI and aws-iam-authenticator say without valid credentials, and how to get some. A command of the AWS CLI is often what gives kubectl its token.
 * Sources: @aws-sdk/credential-provider-node, -sso, -ini, -process and -login, @aws-sdk/token-providers (dist-cjs); botocore/exceptions.py (NoCredentialsError,
 * ProfileNotFound, SSOTokenLoadError, UnauthorizedSSOTokenError, TokenRetrievalError); aws-sdk-go-v2 (aws/credential_cache.go, feature/ec2/imds);
 * https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html (ExpiredToken, InvalidClientTokenId, UnrecognizedClientException)
 */
const CAUSES: readonly {
  readonly saying: RegExp;
  readonly fix: (match: RegExpExecArray, profile: string | undefined) => Remedy;
}[] = [
  {
    saying:
      /profile:? ?['[(]?([\w.@+-]+)['\])]? (?:could not be found|was not found)|Could not resolve credentials using profile: \[([^\]]+)\]|config profile \(([^)]+)\) could not be found/i,
    fix: (match) => {
      return profileFix(match[1] ?? match[2] ?? match[3] ?? '');
    },
  },
  {
    saying:
      /aws sso login|SSO (?:session|Token)|Token is expired|Token .* does not exist|Error when retrieving token from sso/i,
    fix: (_, profile) => [
      { say: 'The SSO session has expired, or there is none. Log in:' },
      { run: ['aws', 'sso', 'login', ...(profile === undefined ? [] : ['--profile', profile])] },
    ],
  },
  {
    saying: /re-?authenticate using ['"]?aws login|login_session/i,
    fix: (_, profile) => [
      { say: 'The session of aws login has expired. Log in:' },
      { run: ['aws', 'login', ...(profile === undefined ? [] : ['--profile', profile])] },
    ],
  },
  {
    saying: /ExpiredToken|(?:security )?token included in the request is expired|Request has expired/i,
    fix: () => [{ say: 'The AWS session in this shell has expired. Get new credentials, then check them:' }, WHO],
  },
  {
    saying: /InvalidClientTokenId|UnrecognizedClient|security token included in the request is invalid/i,
    fix: () => [{ say: 'AWS does not know these credentials. Correct them, then check them:' }, WHO],
  },
  {
    saying:
      /Could not load credentials from any providers|Unable to locate credentials|NoCredentialProviders|no EC2 IMDS role found|failed to refresh cached credentials|CredentialsProviderError|TokenProviderError|MissingAuthenticationToken|Could not load token from any providers/i,
    fix: (_, profile) =>
      profile === undefined
        ? [{ say: 'Log in to AWS in this shell, or name a profile by AWS_PROFILE. Then check the credentials:' }, WHO]
        : profileFix(profile),
  },
];

function profileFix(name: string): Remedy {
  const say = `The AWS profile "${name}" has no credentials, or is not in ~/.aws/config. Correct AWS_PROFILE, or configure the profile:`;
  return [{ say }, { run: ['aws', 'configure', 'sso', '--profile', name] }];
}

const WHO: Remedy[number] = { run: ['aws', 'sts', 'get-caller-identity'] };

/** How to get credentials of AWS, by what a program says; nothing where something else is the reason. */
export function noCredentialsFix(
  text: string,
  profile: string | undefined = process.env.AWS_PROFILE,
): Remedy | undefined {
  for (const { saying, fix } of CAUSES) {
    const match = saying.exec(text);
    if (match !== null) return fix(match, profile === '' ? undefined : profile);
  }
  return undefined;
}
