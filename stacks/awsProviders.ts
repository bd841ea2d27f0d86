import type { Blueprint } from '../src/blueprint/Blueprint';
import type { TerraformStack } from '../modules/cdktf';
import { literal, literals } from '../modules/literal';
import { AwsProvider } from '../modules/providers';

/** 5.100 supports everything except `target_role_arn` and `disable_session_tags` of associations, which need 6.2. */
const VERSIONS = { usual: '>= 5.100.0, < 7.0.0', withChaining: '>= 6.2.0, < 7.0.0' };

/**
 * The AWS providers of a stack, one for each region, all limited to one account. The result is the provider of a region, undefined for the
 * default region.
 *
 * @param regions the regions of the stack beside the default one
 * @param associations those of the stack: some need a later version of the provider
 */
export function awsProviders(
  stack: TerraformStack,
  blueprint: Blueprint,
  account: Blueprint['account'],
  { regions, associations }: { readonly regions: readonly string[]; readonly associations: Blueprint['associations'] },
): (region: string) => AwsProvider | undefined {
  const configuration = { ...accountOf(account), ...defaultTags(blueprint) };
  new AwsProvider(stack, 'aws', { region: blueprint.region, ...configuration });
  const others = new Map(
    regions.map((region) => [
      region,
      new AwsProvider(stack, `aws-${region}`, { region, alias: region, ...configuration }),
    ]),
  );
  // The bindings pin one exact version. A range lets teams keep their provider.
  const chaining = associations.some(
    ({ targetRoleArn, disableSessionTags }) => targetRoleArn !== undefined || disableSessionTags,
  );
  stack.addOverride('terraform.required_providers.aws.source', 'hashicorp/aws');
  stack.addOverride('terraform.required_providers.aws.version', chaining ? VERSIONS.withChaining : VERSIONS.usual);
  return (region) => others.get(region);
}

/**
 * The AWS providers for associations whose tags stay as they are: without the environment's tags as `default_tags`, one for each region. The result is the
 * provider of a region, undefined where the environment has no tags: any provider then leaves them. They are there wherever the environment has tags,
 * since Terraform removes the last association of a provider by its provider.
 *
 * `ignore_changes` cannot keep them: `tags_all` of this resource is computed only, and the AWS provider plans it from its default tags, whatever is ignored.
 * Source: hashicorp/terraform-provider-aws internal/provider/framework/tags_interceptor.go; run on 5.100
 */
export function untaggedProviders(
  stack: TerraformStack,
  blueprint: Blueprint,
): (region: string) => AwsProvider | undefined {
  if (Object.keys(blueprint.tags).length === 0) return () => undefined;
  const configuration = accountOf(blueprint.account);
  const own = (region: string, alias: string) =>
    new AwsProvider(stack, `aws-${alias}`, { region, alias, ...configuration });
  const providers = new Map([
    [blueprint.region, own(blueprint.region, 'untagged')],
    ...blueprint.otherRegions.map((region) => [region, own(region, `${region}-untagged`)] as const),
  ]);
  return (region) => providers.get(region);
}

/** Limits a provider to one account, by the account's deploy role if it has one. */
function accountOf({ id, deployRole }: Blueprint['account']) {
  return {
    allowedAccountIds: [id],
    ...(deployRole === undefined ? {} : { assumeRole: [{ roleArn: literal(deployRole), sessionName: 'podlift' }] }),
  };
}

function defaultTags({ tags }: Blueprint) {
  return Object.keys(tags).length === 0 ? {} : { defaultTags: [{ tags: literals(tags) }] };
}
