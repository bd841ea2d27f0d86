import type { Context } from '../../iam/Request';
import type { Actions, Call, Output, Permission } from '../api/Action';
import { requestTagContext } from '../api/authorise';
import { validationError } from '../api/ApiError';
import { requiredText, textList, type Input } from '../api/Input';
import { iamArn } from '../world/arns';
import { accountOf, type OidcProviderState } from '../world/World';
import {
  entityAlreadyExists,
  invalidInput,
  limitExceeded,
  mergeTags,
  noSuchEntity,
  readTags,
  requireTags,
  RULES,
  tagList,
  withoutTags,
} from './iamRequest';

function findProvider(input: Input, call: Call): OidcProviderState {
  const arn = requiredText(input, 'OpenIDConnectProviderArn', RULES.arn);
  const provider = accountOf(call.state.world, call.account).oidcProviders[arn];
  if (provider === undefined) throw noSuchEntity(`OpenIDConnect Provider not found for arn ${arn}`);
  return provider;
}

function onProvider(action: string, context: (input: Input) => Context = () => ({})) {
  return (input: Input, call: Call): readonly Permission[] => {
    const resource = requiredText(input, 'OpenIDConnectProviderArn', RULES.arn);
    const tags = accountOf(call.state.world, call.account).oidcProviders[resource]?.tags ?? {};
    return [{ action, resource, resourceTags: tags, context: context(input) }];
  };
}

/** The issuer's URL without scheme and trailing slash. Throws when it is not https. */
function readUrl(input: Input): string {
  const url = requiredText(input, 'Url', RULES.providerUrl);
  if (!/^https:\/\/[^\s?#]+$/.test(url)) throw validationError('Invalid Open ID Connect Provider URL');
  return url.replace(/^https:\/\//, '').replace(/\/$/, '');
}

function readThumbprints(input: Input): string[] {
  const thumbprints = textList(input, 'ThumbprintList', RULES.thumbprint);
  if (thumbprints.length > 5) throw invalidInput('Thumbprint list must contain fewer than 5 entries.');
  return thumbprints;
}

function createProvider(input: Input, call: Call): Output {
  const { quotas } = call;
  const { world } = call.state;
  const url = readUrl(input);
  const clientIds = textList(input, 'ClientIDList', RULES.clientId);
  const thumbprints = readThumbprints(input);
  const tags = mergeTags({}, readTags(input), quotas.tagsPerResource);
  const { oidcProviders } = accountOf(world, call.account);
  const arn = iamArn(call.partition, call.account, 'oidc-provider', url);
  if (oidcProviders[arn] !== undefined) throw entityAlreadyExists(`Provider with url https://${url} already exists.`);
  if (Object.keys(oidcProviders).length >= quotas.oidcProvidersPerAccount) {
    throw limitExceeded(`Cannot exceed quota for OpenIdConnectProvidersPerAccount: ${quotas.oidcProvidersPerAccount}`);
  }
  if (clientIds.length > quotas.clientIdsPerProvider) {
    throw limitExceeded(`Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: ${quotas.clientIdsPerProvider}`);
  }
  oidcProviders[arn] = {
    arn,
    url,
    createdAt: call.time.toISOString(),
    clientIds: [...new Set(clientIds)],
    thumbprints,
    tags,
  };
  return { OpenIDConnectProviderArn: arn, Tags: tagList(tags) };
}

function addClientId(input: Input, call: Call): Output {
  const provider = findProvider(input, call);
  const clientId = requiredText(input, 'ClientID', RULES.clientId);
  if (provider.clientIds.includes(clientId)) return {};
  const quota = call.quotas.clientIdsPerProvider;
  if (provider.clientIds.length >= quota)
    throw limitExceeded(`Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: ${quota}`);
  provider.clientIds = [...provider.clientIds, clientId];
  return {};
}

/** The OIDC identity providers for web identity. */
export const oidcProviderActions: Actions = {
  CreateOpenIDConnectProvider: {
    permissions: (input, call) => [
      {
        action: 'iam:CreateOpenIDConnectProvider',
        resource: iamArn(call.partition, call.account, 'oidc-provider', readUrl(input)),
        context: requestTagContext(readTags(input)),
      },
    ],
    handle: createProvider,
  },
  GetOpenIDConnectProvider: {
    permissions: onProvider('iam:GetOpenIDConnectProvider'),
    handle: (input, call) => {
      const provider = findProvider(input, call);
      return {
        Url: provider.url,
        ClientIDList: provider.clientIds,
        ThumbprintList: provider.thumbprints,
        CreateDate: new Date(provider.createdAt),
        Tags: tagList(provider.tags),
      };
    },
  },
  ListOpenIDConnectProviders: {
    permissions: () => [{ action: 'iam:ListOpenIDConnectProviders', resource: '*' }],
    handle: (_input, call) => ({
      OpenIDConnectProviderList: Object.keys(accountOf(call.state.world, call.account).oidcProviders).map((Arn) => ({
        Arn,
      })),
    }),
  },
  DeleteOpenIDConnectProvider: {
    permissions: onProvider('iam:DeleteOpenIDConnectProvider'),
    handle: (input, call) => {
      const { arn } = findProvider(input, call);
      Reflect.deleteProperty(accountOf(call.state.world, call.account).oidcProviders, arn);
      return {};
    },
  },
  AddClientIDToOpenIDConnectProvider: {
    permissions: onProvider('iam:AddClientIDToOpenIDConnectProvider'),
    handle: addClientId,
  },
  RemoveClientIDFromOpenIDConnectProvider: {
    permissions: onProvider('iam:RemoveClientIDFromOpenIDConnectProvider'),
    handle: (input, call) => {
      const provider = findProvider(input, call);
      const clientId = requiredText(input, 'ClientID', RULES.clientId);
      provider.clientIds = provider.clientIds.filter((other) => other !== clientId);
      return {};
    },
  },
  UpdateOpenIDConnectProviderThumbprint: {
    permissions: onProvider('iam:UpdateOpenIDConnectProviderThumbprint'),
    handle: (input, call) => {
      const provider = findProvider(input, call);
      provider.thumbprints = readThumbprints(input);
      return {};
    },
  },
  TagOpenIDConnectProvider: {
    permissions: onProvider('iam:TagOpenIDConnectProvider', (input) => requestTagContext(requireTags(input))),
    handle: (input, call) => {
      const provider = findProvider(input, call);
      provider.tags = mergeTags(provider.tags, requireTags(input), call.quotas.tagsPerResource);
      return {};
    },
  },
  UntagOpenIDConnectProvider: {
    permissions: onProvider('iam:UntagOpenIDConnectProvider'),
    handle: (input, call) => {
      const provider = findProvider(input, call);
      provider.tags = withoutTags(provider.tags, input);
      return {};
    },
  },
};
