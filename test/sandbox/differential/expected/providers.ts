import { API, type ExpectedDifferences } from './ExpectedDifferences';

/** Expected differences of OIDC providers. */
export const PROVIDERS: readonly ExpectedDifferences[] = [
  {
    reason: 'moto takes every scheme.',
    source: `${API}API_CreateOpenIDConnectProvider.html (Url: "must begin with https://")`,
    differ: [
      {
        lines: ['400 InvalidInput / 200'],
        at: { 'OIDC providers: CreateOpenIDConnectProvider': [1] },
      },
    ],
  },
  {
    reason: 'moto leaves query and fragment out of the URL.',
    source: `${API}API_CreateOpenIDConnectProvider.html (Url: "query parameters are not" allowed)`,
    differ: [
      {
        lines: ['400 InvalidInput / 409 EntityAlreadyExists'],
        at: { 'OIDC providers: CreateOpenIDConnectProvider': [8, 9] },
      },
    ],
  },
  {
    reason: 'moto takes a host with a port, a user or an underscore.',
    source: `${API}API_CreateOpenIDConnectProvider.html (Url: "should not contain a port number"); versity/versitygw (tests)`,
    differ: [
      {
        lines: ['400 InvalidInput / 200'],
        at: { 'OIDC providers: CreateOpenIDConnectProvider': [7, 10, 11] },
      },
      ...['to_ken.example.com', 'token.example.com:8443', 'user@token.example.com'].map((host) => ({
        lines: [
          `OpenIDConnectProviderList[arn:aws:iam::111111111111:oidc-provider/${host}]: absent / {"Arn":"arn:aws:iam::111111111111:oidc-provider/${host}"}`,
        ],
        at: { 'OIDC providers: ListOpenIDConnectProviders': [14] },
      })),
    ],
  },
  {
    reason: 'moto counts a provider that the sandbox refused for its scheme.',
    source: `${API}API_CreateOpenIDConnectProvider.html (Url: "must begin with https://")`,
    differ: [
      {
        lines: ['200 / 409 EntityAlreadyExists'],
        at: { 'OIDC providers: CreateOpenIDConnectProvider': [3] },
      },
    ],
  },
  {
    reason: 'moto takes every thumbprint.',
    source: `${API}API_UpdateOpenIDConnectProviderThumbprint.html (ThumbprintList: 40 characters, at most 5)`,
    differ: [
      {
        lines: ['400 InvalidInput / 200'],
        at: {
          'OIDC providers: UpdateOpenIDConnectProviderThumbprint': [16],
          'thumbprints, audiences and tags of OIDC providers: CreateOpenIDConnectProvider': [3, 4],
        },
      },
      {
        lines: ['400 InvalidInput / 400 ValidationError'],
        at: { 'thumbprints, audiences and tags of OIDC providers: CreateOpenIDConnectProvider': [7] },
      },
      {
        lines: ['400 ValidationError / 200'],
        at: { 'thumbprints, audiences and tags of OIDC providers: UpdateOpenIDConnectProviderThumbprint': [21] },
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
    reason: 'moto keeps the case of a thumbprint.',
    source: 'src/sandbox/iam/oidcProviderActions.ts: versity/versitygw (tests)',
    differ: [
      {
        lines: [
          'ThumbprintList["AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"]: absent / "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"',
          'ThumbprintList["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"]: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" / absent',
        ],
        at: { 'thumbprints, audiences and tags of OIDC providers: GetOpenIDConnectProvider': [19] },
      },
    ],
  },
];
