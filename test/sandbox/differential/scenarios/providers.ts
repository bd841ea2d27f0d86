import { APPS } from '../../testSandbox';
import { iam, type Scenario, type ScenarioCall, tags } from './call';

const provider = (url: string): ScenarioCall =>
  iam('CreateOpenIDConnectProvider', {
    Url: url,
    ThumbprintList: ['a'.repeat(40)],
    ClientIDList: ['sts.amazonaws.com'],
  });
const PROVIDER = { OpenIDConnectProviderArn: `arn:aws:iam::${APPS}:oidc-provider/token.example.com/a` };

const URLS = [
  'token.example.com',
  'http://token.example.com',
  'https://',
  'https://token.example.com',
  'https://token.example.com/',
  'https://token.example.com/a',
  'https://token.example.com/a',
  'https://token.example.com:8443',
  'https://token.example.com?x=1',
  'https://token.example.com#x',
  'https://user@token.example.com',
  'https://to_ken.example.com',
  `https://token.example.com/${'x'.repeat(300)}`,
];

const FIRST = `arn:aws:iam::${APPS}:oidc-provider/t0.example.com`;
const NO_PROVIDER = `arn:aws:iam::${APPS}:oidc-provider/none.example.com`;

const thumbprints = (count: number): readonly string[] =>
  Array.from({ length: count }, (_item, index) => String(index).repeat(40));
const audiences = (count: number): readonly string[] =>
  Array.from({ length: count }, (_item, index) => `audience${index}`);

function create(url: string, input: object): ScenarioCall {
  return iam('CreateOpenIDConnectProvider', { Url: url, ThumbprintList: thumbprints(1), ...input });
}

/** OIDC providers. */
export const PROVIDERS: readonly Scenario[] = [
  {
    name: 'OIDC providers',
    calls: [
      ...URLS.map(provider),
      iam('GetOpenIDConnectProvider', PROVIDER),
      iam('ListOpenIDConnectProviders'),
      iam('UpdateOpenIDConnectProviderThumbprint', { ...PROVIDER, ThumbprintList: ['b'.repeat(40)] }),
      iam('UpdateOpenIDConnectProviderThumbprint', { ...PROVIDER, ThumbprintList: ['b'.repeat(39)] }),
      iam('TagOpenIDConnectProvider', { ...PROVIDER, Tags: tags(1) }),
      iam('UntagOpenIDConnectProvider', { ...PROVIDER, TagKeys: ['k0'] }),
      iam('GetOpenIDConnectProvider', PROVIDER),
      iam('DeleteOpenIDConnectProvider', PROVIDER),
      iam('DeleteOpenIDConnectProvider', PROVIDER),
      iam('GetOpenIDConnectProvider', PROVIDER),
    ],
  },
  {
    name: 'thumbprints, audiences and tags of OIDC providers',
    calls: [
      ...[1, 5, 6].map((count, index) =>
        create(`https://t${index}.example.com`, { ThumbprintList: thumbprints(count) }),
      ),
      ...['', 'a', 'g'.repeat(40), 'A'.repeat(40), 'a'.repeat(41)].map((thumbprint, index) =>
        create(`https://u${index}.example.com`, { ThumbprintList: [thumbprint] }),
      ),
      ...[1, 100, 101].map((count, index) =>
        create(`https://c${index}.example.com`, { ClientIDList: audiences(count) }),
      ),
      ...['', 'x'.repeat(255), 'x'.repeat(256)].map((audience, index) =>
        create(`https://d${index}.example.com`, { ClientIDList: [audience] }),
      ),
      create('https://e.example.com', { ClientIDList: ['a', 'a'] }),
      ...[tags(1), tags(51), tags(1, 'aws:'), [...tags(1), ...tags(1)]].map((Tags, index) =>
        create(`https://g${index}.example.com`, { Tags }),
      ),
      iam('GetOpenIDConnectProvider', { OpenIDConnectProviderArn: FIRST.replace('t0', 'u3') }),
      iam('UpdateOpenIDConnectProviderThumbprint', { OpenIDConnectProviderArn: FIRST, ThumbprintList: thumbprints(6) }),
      iam('UpdateOpenIDConnectProviderThumbprint', { OpenIDConnectProviderArn: FIRST, ThumbprintList: [] }),
      iam('TagOpenIDConnectProvider', { OpenIDConnectProviderArn: FIRST, Tags: tags(51) }),
      iam('TagOpenIDConnectProvider', { OpenIDConnectProviderArn: FIRST, Tags: tags(1, 'aws:') }),
      iam('TagOpenIDConnectProvider', { OpenIDConnectProviderArn: NO_PROVIDER, Tags: tags(1) }),
      iam('UntagOpenIDConnectProvider', { OpenIDConnectProviderArn: NO_PROVIDER, TagKeys: ['k0'] }),
      iam('UpdateOpenIDConnectProviderThumbprint', {
        OpenIDConnectProviderArn: NO_PROVIDER,
        ThumbprintList: thumbprints(1),
      }),
    ],
  },
];
