import type { Answer } from '../aws/AwsPort';
import { type KubectlSettings, runKubectl } from './runKubectl';

/** A context of the kubeconfig. */
export interface KubeContext {
  readonly name: string;
  /** The name of its entry under `clusters`: an ARN where `aws eks update-kubeconfig` wrote it, also with `--alias`. */
  readonly cluster: string;
}

interface KubeconfigJson {
  readonly contexts?: readonly { readonly name: string; readonly context?: { readonly cluster?: string } }[] | null;
}

/** The contexts of the kubeconfig files, as kubectl merges them. kubectl leaves out tokens and certificates. */
export async function kubeContexts(settings: KubectlSettings = {}): Promise<Answer<readonly KubeContext[]>> {
  const output = await runKubectl(undefined, ['config', 'view', '-o', 'json'], settings);
  if (!output.ok) return output;
  const { contexts } = JSON.parse(output.value) as KubeconfigJson;
  return { ok: true, value: (contexts ?? []).map(({ name, context }) => ({ name, cluster: context?.cluster ?? '' })) };
}
