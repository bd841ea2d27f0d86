import {
  AddClientIDToOpenIDConnectProviderCommand,
  CreateOpenIDConnectProviderCommand,
  DeleteOpenIDConnectProviderCommand,
  GetOpenIDConnectProviderCommand,
  ListOpenIDConnectProvidersCommand,
  RemoveClientIDFromOpenIDConnectProviderCommand,
  TagOpenIDConnectProviderCommand,
  UntagOpenIDConnectProviderCommand,
  UpdateOpenIDConnectProviderThumbprintCommand,
} from '@aws-sdk/client-iam';
import { APPS, clients, errorOf, ISSUER, OTHER_ISSUER, PROVIDER, seedWith, useSandbox } from './testSandbox';

const ARN = `arn:aws:iam::${APPS}:oidc-provider/${OTHER_ISSUER.slice('https://'.length)}`;

describe('IAM OIDC providers', () => {
  const at = useSandbox(() => ({ seed: seedWith() }));
  const iam = () => clients(at.sandbox).iam;

  it('are made, read, changed and deleted', async () => {
    const thumbprint = 'a'.repeat(40);
    const made = await iam().send(
      new CreateOpenIDConnectProviderCommand({
        Url: OTHER_ISSUER,
        ClientIDList: ['sts.amazonaws.com'],
        Tags: [{ Key: 'a', Value: '1' }],
      }),
    );
    expect(made.OpenIDConnectProviderArn).toBe(ARN);
    const provider = { OpenIDConnectProviderArn: ARN };
    await iam().send(new AddClientIDToOpenIDConnectProviderCommand({ ...provider, ClientID: 'second' }));
    await iam().send(
      new RemoveClientIDFromOpenIDConnectProviderCommand({ ...provider, ClientID: 'sts.amazonaws.com' }),
    );
    await iam().send(new UpdateOpenIDConnectProviderThumbprintCommand({ ...provider, ThumbprintList: [thumbprint] }));
    await iam().send(new TagOpenIDConnectProviderCommand({ ...provider, Tags: [{ Key: 'b', Value: '2' }] }));
    await iam().send(new UntagOpenIDConnectProviderCommand({ ...provider, TagKeys: ['a'] }));
    expect(await iam().send(new GetOpenIDConnectProviderCommand(provider))).toMatchObject({
      Url: OTHER_ISSUER.slice('https://'.length),
      ClientIDList: ['second'],
      ThumbprintList: [thumbprint],
      Tags: [{ Key: 'b', Value: '2' }],
    });

    const list = await iam().send(new ListOpenIDConnectProvidersCommand({}));
    expect(list.OpenIDConnectProviderList?.map((entry) => entry.Arn)).toEqual([PROVIDER, ARN]);
    await iam().send(new DeleteOpenIDConnectProviderCommand(provider));
    expect(await errorOf(iam().send(new GetOpenIDConnectProviderCommand(provider)))).toMatchObject({
      name: 'NoSuchEntityException',
      status: 404,
    });
  });

  it.each([
    ['one that exists', { Url: ISSUER }, 'EntityAlreadyExistsException'],
    ['one that exists, with a slash at its end', { Url: `${ISSUER}/` }, 'EntityAlreadyExistsException'],
    ['plain http', { Url: 'http://example.com' }, 'ValidationError'],
    ['a thumbprint that is none', { Url: 'https://example.com', ThumbprintList: ['abc'] }, 'ValidationError'],
  ])('are refused for %s', async (_reason, input, name) => {
    expect(await errorOf(iam().send(new CreateOpenIDConnectProviderCommand(input)))).toMatchObject({ name });
  });
});

describe('OIDC issuers', () => {
  const at = useSandbox(() => ({ seed: seedWith() }));

  it('publish their configuration and the key that their tokens are signed with', async () => {
    const base = `${at.sandbox.endpoint}/oidc/${ISSUER.slice('https://'.length)}`;
    const configuration = (await (await fetch(`${base}/.well-known/openid-configuration`)).json()) as Record<
      string,
      unknown
    >;
    expect(configuration.issuer).toBe(ISSUER);
    expect(configuration.jwks_uri).toBe(`${base}/keys`);
    const { keys } = (await (await fetch(`${base}/keys`)).json()) as { keys: Record<string, unknown>[] };
    expect(keys).toMatchObject([{ kty: 'RSA', use: 'sig', alg: 'RS256' }]);
    expect(keys[0]).not.toHaveProperty('d');
  });
});
