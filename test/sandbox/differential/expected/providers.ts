import { API, type ExpectedDifferences } from './ExpectedDifferences';

/** Expected differences of OIDC providers. */
export const PROVIDERS: readonly ExpectedDifferences[] = [
  {
    reason: 'moto takes every scheme.',
    source: `${API}API_CreateOpenIDConnectProvider.html (Url: "must begin with https://")`,
    differ: [
      {
        lines: ['400 ValidationError / 200'],
        at: { 'OIDC providers: CreateOpenIDConnectProvider': [1] },
      },
    ],
  },
  {
    reason: 'moto leaves query and fragment out of the URL.',
    source: `${API}API_CreateOpenIDConnectProvider.html (Url: "query parameters are not" allowed)`,
    differ: [
      {
        lines: ['400 ValidationError / 409 EntityAlreadyExists'],
        at: { 'OIDC providers: CreateOpenIDConnectProvider': [8, 9] },
      },
    ],
  },
  {
    reason: 'moto keeps http and https apart, and a slash at the end.',
    source: `${API}API_CreateOpenIDConnectProvider.html (Url: "must begin with https://"; the slash is unknown)`,
    differ: [
      {
        lines: ['200 / 409 EntityAlreadyExists'],
        at: { 'OIDC providers: CreateOpenIDConnectProvider': [3] },
      },
      {
        lines: ['409 EntityAlreadyExists / 200'],
        at: { 'OIDC providers: CreateOpenIDConnectProvider': [4] },
      },
      {
        lines: [
          'OpenIDConnectProviderList[arn:aws:iam::111111111111:oidc-provider/token.example.com/]: absent / {"Arn":"arn:aws:iam::111111111111:oidc-provider/token.example.com/"}',
        ],
        at: { 'OIDC providers: ListOpenIDConnectProviders': [14] },
      },
    ],
  },
  {
    reason: 'moto takes every thumbprint.',
    source: `${API}API_UpdateOpenIDConnectProviderThumbprint.html (ThumbprintList: 40 characters, at most 5)`,
    differ: [
      {
        lines: ['400 ValidationError / 200'],
        at: {
          'OIDC providers: UpdateOpenIDConnectProviderThumbprint': [16],
          'thumbprints, audiences and tags of OIDC providers: CreateOpenIDConnectProvider': [3, 4, 5],
        },
      },
      {
        lines: [
          'ThumbprintList["bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"]: absent / "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"',
          'ThumbprintList["bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"]: "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb" / absent',
        ],
        at: { 'OIDC providers: GetOpenIDConnectProvider': [19] },
      },
      {
        lines: ['400 InvalidInput / 200'],
        at: { 'thumbprints, audiences and tags of OIDC providers: UpdateOpenIDConnectProviderThumbprint': [20] },
      },
    ],
  },
  {
    reason: 'moto takes an empty audience.',
    source: `${API}API_CreateOpenIDConnectProvider.html (ClientIDList: at least 1 character)`,
    differ: [
      {
        lines: ['400 ValidationError / 200'],
        at: { 'thumbprints, audiences and tags of OIDC providers: CreateOpenIDConnectProvider': [11] },
      },
    ],
  },
  {
    reason: 'moto leaves the tags of a new provider out.',
    source: `${API}API_CreateOpenIDConnectProvider.html (Response Elements: Tags)`,
    differ: [
      {
        lines: ['Tags: [{"Key":"k0","Value":"v"}] / absent'],
        at: { 'thumbprints, audiences and tags of OIDC providers: CreateOpenIDConnectProvider': [15] },
      },
    ],
  },
  {
    reason:
      "moto takes the removal of a provider that is not there. AWS's page says the same, an observer says 404: unknown.",
    source: `${API}API_DeleteOpenIDConnectProvider.html; versity/versitygw (tests)`,
    differ: [
      {
        lines: ['404 NoSuchEntity / 200'],
        at: { 'OIDC providers: DeleteOpenIDConnectProvider': [21] },
      },
    ],
  },
];
