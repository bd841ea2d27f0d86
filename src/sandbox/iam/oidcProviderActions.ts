import type { Context } from '../../iam/Request';
import type { Actions, Call, Output, Permission } from '../api/Action';
import { requestTagContext } from '../api/authorise';
import { validationError } from '../api/ApiError';
import { requiredText, requireMember, textList, type Input } from '../api/Input';
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

const URL_REFUSED = 'Invalid Open ID Connect Provider URL';

/** Labels of RFC 1123, or an address of IPv4. A port, `user@` and an address of IPv6 have other characters. */
const HOST = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/i;

/**
 * The issuer's URL without scheme: its host and its path. A slash at the end makes another provider. Throws for another scheme, no host, a
 * port, a user, a query and a fragment.
 * Sources: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html (Url); the codes and texts are those that
 * versity/versitygw quotes in iamapi/internal/iamutil/oidc.go and its tests
 */
function readUrl(input: Input): { readonly url: string; readonly host: string } {
  const text = requiredText(input, 'Url', RULES.providerUrl);
  const at = text.indexOf('://');
  const url = text.slice(at + '://'.length);
  if (at < 0 || url === '') throw validationError(URL_REFUSED);
  if (!text.startsWith('https://')) throw invalidInput(`${URL_REFUSED}. The URL must begin with https://.`);
  const host = url.replace(/\/.*$/s, '');
  // Control characters, and `%` without two hexadecimal digits.
  if (!HOST.test(host) || /[\s?#\p{Cc}]|%(?![0-9a-f]{2})/iu.test(url)) throw invalidInput(`${URL_REFUSED}.`);
  return { url, host };
}

/**
 * The thumbprints in lower case. IAM counts their characters only. Throws `InvalidInput`. Source of the texts: versity/versitygw, as for the URL.
 */
function readThumbprints(input: Input): string[] {
  const thumbprints = textList(input, 'ThumbprintList');
  if (thumbprints.length > 5) throw invalidInput('Thumbprint list must contain fewer than 5 entries.');
  if (thumbprints.some((thumbprint) => thumbprint.length !== 40))
    throw invalidInput('Thumbprint must be exactly 40 characters.');
  return thumbprints.map((thumbprint) => thumbprint.toLowerCase());
}

/**
 * The permissions for a new provider, also that for its tags. Their resource has the host of the URL and not its path.
 * Source: denials that eksctl's users quote, `iam:CreateOpenIDConnectProvider` and `iam:TagOpenIDConnectProvider` on
 * `oidc-provider/oidc.eks.us-east-2.amazonaws.com`, for issuers with the path `/id/…`
 */
function createPermissions(input: Input, call: Call): readonly Permission[] {
  const resource = iamArn(call.partition, call.account, 'oidc-provider', readUrl(input).host);
  const context = requestTagContext(readTags(input));
  const create = { action: 'iam:CreateOpenIDConnectProvider', resource, context };
  if (Object.keys(context).length === 0) return [create];
  return [create, { action: 'iam:TagOpenIDConnectProvider', resource, context }];
}

function createProvider(input: Input, call: Call): Output {
  const { quotas } = call;
  const { world } = call.state;
  const { url } = readUrl(input);
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
    permissions: createPermissions,
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
      // "This operation is idempotent; it does not fail or return an error if you call the operation for a provider that does not exist."
      // https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteOpenIDConnectProvider.html
      const arn = requiredText(input, 'OpenIDConnectProviderArn', RULES.arn);
      // What IAM answers to the ARN of something else is not known. Its model has InvalidInput.
      if (!arn.startsWith(`arn:${call.partition}:iam::${call.account}:oidc-provider/`))
        throw invalidInput(`ARN ${arn} is not valid.`);
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
      // Both errors are quoted: aws-cloudformation/cloudformation-coverage-roadmap #2092, hashicorp/terraform-provider-aws #29963.
      requireMember(input, 'ThumbprintList');
      const thumbprints = readThumbprints(input);
      if (thumbprints.length === 0) throw invalidInput('Thumbprint list must contain at least one entry.');
      const provider = findProvider(input, call);
      provider.thumbprints = thumbprints;
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
