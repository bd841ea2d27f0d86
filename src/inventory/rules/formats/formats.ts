import type { Format } from '../Format';
import { accountId } from './accountId';
import { action } from './action';
import { addonName } from './addonName';
import { addonVersion } from './addonVersion';
import { agentVersion } from './agentVersion';
import { associationId } from './associationId';
import { clusterName } from './clusterName';
import { inlinePolicyName } from './inlinePolicyName';
import { keyName } from './keyName';
import { kubernetesContext } from './kubernetesContext';
import { kubernetesVersion } from './kubernetesVersion';
import { managedPolicy } from './managedPolicy';
import { namespace } from './namespace';
import { oidcIssuer } from './oidcIssuer';
import { policyArn } from './policyArn';
import { region } from './region';
import { resource } from './resource';
import { roleArn } from './roleArn';
import { roleDescription } from './roleDescription';
import { roleName } from './roleName';
import { rolePath } from './rolePath';
import { s3Bucket } from './s3Bucket';
import { s3Prefix } from './s3Prefix';
import { sdkVersion } from './sdkVersion';
import { serviceAccount } from './serviceAccount';
import { sid } from './sid';
import { since } from './since';
import { soak } from './soak';
import { tagKey } from './tagKey';
import { tagValue } from './tagValue';

/** Every rule about how one text is written, by its name. */
export const FORMATS: ReadonlyMap<string, Format> = new Map(
  [
    accountId,
    action,
    addonName,
    addonVersion,
    agentVersion,
    associationId,
    clusterName,
    inlinePolicyName,
    keyName,
    kubernetesContext,
    kubernetesVersion,
    managedPolicy,
    namespace,
    oidcIssuer,
    policyArn,
    region,
    resource,
    roleArn,
    roleDescription,
    roleName,
    rolePath,
    s3Bucket,
    s3Prefix,
    sdkVersion,
    serviceAccount,
    sid,
    since,
    soak,
    tagKey,
    tagValue,
  ].map((format) => [format.name, format]),
);

/** True when a text is written as a format asks. */
export function fits(format: Format, text: string): boolean {
  return format.pattern.test(text) && (format.accepts?.(text) ?? true);
}

/** What a finding says of a text that does not fit: `"12345" is not an account id: twelve digits`. */
export function misfit(format: Format, shown: string): string {
  return `${shown} is not ${format.subject}: ${format.expected}`;
}
