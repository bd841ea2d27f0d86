import { GUIDE, STS, type ExpectedDifferences } from './ExpectedDifferences';

/** Expected differences of sessions. */
export const SESSIONS: readonly ExpectedDifferences[] = [
  {
    reason: 'The callers have different names. The ARN of a user is one of IAM.',
    source: `${STS}API_GetCallerIdentity.html (example)`,
    differ: [
      {
        lines: ['Arn: "arn:aws:iam::111111111111:user/sandbox" / "arn:aws:sts::111111111111:user/moto"'],
        at: { 'sessions: GetCallerIdentity': [1] },
      },
    ],
  },
  {
    reason: 'moto always has a packed size of 6.',
    source: `${STS}API_AssumeRole.html (PackedPolicySize: of the policies and tags in the request)`,
    differ: [
      {
        lines: ['PackedPolicySize: absent / "6"'],
        at: { 'sessions: AssumeRole': [2, 4, 5, 11, 13], 'conditions, policies and tags of sessions: AssumeRole': [8] },
      },
      {
        lines: ['PackedPolicySize: "1" / "6"'],
        at: { 'sessions: AssumeRole': [19] },
      },
      {
        lines: ['PackedPolicySize: "63" / "6"'],
        at: { 'sessions: AssumeRole': [20] },
      },
      {
        lines: ['PackedPolicySize: "2" / "6"'],
        at: { 'conditions, policies and tags of sessions: AssumeRole': [11] },
      },
      {
        lines: ['PackedPolicySize: "3" / "6"'],
        at: { 'conditions, policies and tags of sessions: AssumeRole': [12] },
      },
    ],
  },
  {
    reason: 'moto takes every duration, session name, ARN, external id and number of policies and tags.',
    source: `${STS}API_AssumeRole.html (ranges, lengths and patterns; DurationSeconds: at most the role's maximum)`,
    differ: [
      {
        lines: ['400 ValidationError / 200'],
        at: {
          'sessions: AssumeRole': [3, 6, 7, 8, 9, 10, 12, 15, 16, 18, 21],
          'conditions, policies and tags of sessions: AssumeRole': [7, 10, 15, 16],
        },
      },
    ],
  },
  {
    reason: 'moto checks neither whether the role exists nor its trust policy.',
    source: `${STS}API_AssumeRole.html and ${GUIDE}id_session-tags.html (sts:TagSession)`,
    differ: [
      {
        lines: ['403 AccessDenied / 200'],
        at: { 'sessions: AssumeRole': [17], 'conditions, policies and tags of sessions: AssumeRole': [4, 5, 6, 9] },
      },
    ],
  },
  {
    reason: 'moto takes session tags that are the same key.',
    source: `${GUIDE}id_session-tags.html`,
    differ: [
      {
        lines: ['400 InvalidParameterValue / 200'],
        at: { 'sessions: AssumeRole': [22] },
      },
    ],
  },
  {
    reason: 'moto does not read session policies.',
    source: `${STS}API_AssumeRole.html (MalformedPolicyDocument; for a policy ARN that does not exist the code is unknown)`,
    differ: [
      {
        lines: ['400 MalformedPolicyDocument / 200'],
        at: { 'sessions: AssumeRole': [23, 24], 'conditions, policies and tags of sessions: AssumeRole': [13, 14] },
      },
    ],
  },
  {
    reason: 'moto does not read the token.',
    source: `${STS}API_AssumeRoleWithWebIdentity.html (InvalidIdentityToken; WebIdentityToken: at least 4 characters)`,
    differ: [
      {
        lines: ['400 InvalidIdentityToken / 200'],
        at: { 'conditions, policies and tags of sessions: AssumeRoleWithWebIdentity': [17] },
      },
      {
        lines: ['400 ValidationError / 200'],
        at: { 'conditions, policies and tags of sessions: AssumeRoleWithWebIdentity': [18, 19] },
      },
    ],
  },
];
