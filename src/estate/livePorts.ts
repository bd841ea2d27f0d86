import { ambientCaller, awsPorts } from './aws/awsPorts';
import type { AwsSettings } from './aws/clientConfig';
import { kubectlPorts } from './kubernetes/kubectlPorts';
import type { Ports } from './Ports';

/**
 * The real AWS by its SDK and the real clusters by kubectl, with the operator's own settings. The SDK's notice about coming versions
 * of Node is kept out of the evidence, unless the operator has asked for it.
 */
export function livePorts(settings: Pick<AwsSettings, 'onCall' | 'onCaller'> = {}): Ports {
  withoutNotice();
  return { aws: awsPorts(settings), kubernetes: kubectlPorts() };
}

/** The account of the ambient credentials, and their ARN. */
export function liveCaller(region: string): ReturnType<typeof ambientCaller> {
  withoutNotice();
  return ambientCaller(region);
}

function withoutNotice(): void {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
}
