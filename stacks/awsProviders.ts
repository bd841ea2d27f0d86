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
  const configuration = {
    allowedAccountIds: [account.id],
    ...(account.deployRole === undefined
      ? {}
      : { assumeRole: [{ roleArn: literal(account.deployRole), sessionName: 'podlift' }] }),
    ...(Object.keys(blueprint.tags).length === 0 ? {} : { defaultTags: [{ tags: literals(blueprint.tags) }] }),
  };
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
